// /portal/catalog: lists a warehouse's items, and searches while the user types.

import { ItemList } from "./catalog/list.js";
import { wireSearch } from "./shared/search_form.js";

const list = new ItemList();

// Without a warehouse, all of them are searched.
wireSearch("warehouse", (values) => list.show(values), { ifOnlyQuery: "" });
