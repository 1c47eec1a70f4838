// /portal/products: lists the vendor's Shopify products, and filters them while the user types.

import { rowOf } from "./products/rows.js";
import { filteredList, showCounts } from "./shared/filtered_list.js";

filteredList({ method: "medgrid.integrations.list_products", rows: "products", rowOf, shown: showCounts });
