"""A request of the calculation as the specification has it: what the simulator reads or passes by.

Names on the wire are in camelCase.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

from sandbox.simulators.vertex.supplies.values import (
	Boolean,
	CountryCode,
	Currency,
	Date,
	Integer,
	Number,
	TaxAreaId,
	Text3,
	Text20,
	Text30,
	Text40,
	Text50,
	Text60,
	Text100,
	Text250,
)

# fmt: off
DeliveryTerm = Literal[
	"EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAF", "DES", "DEQ", "DDU", "DDP", "CUS", "SUP",
	"DAT", "DAP", "DPU",
]
# fmt: on
TransactionType = Literal["SALE", "RENTAL", "LEASE"]

# In the specification; they change the tax, and the simulator does not act on them.
NOT_SIMULATED = {
	"exemptOverrides",
	"freight",
	"impositionInclusions",
	"inputTotalTax",
	"isMulticomponent",
	"isTaxOnlyAdjustmentIndicator",
	"lineItems",
	"nexusIndicator",
	"nonTaxableOverrides",
	"postToJournal",
	"previousTaxPaid",
	"proratePercentage",
	"rateOverrides",
	"simplificationCode",
	"situsOverride",
	"taxOverride",
}


class Part(BaseModel):
	model_config = ConfigDict(alias_generator=to_camel, extra="forbid", frozen=True)

	@model_validator(mode="before")
	@classmethod
	def _is_without_null(cls, content: Any) -> Any:
		for name, value in content.items() if isinstance(content, dict) else ():
			if value is None:
				raise ValueError(f"{name} is null")
		return content


class Location(Part):
	street_address1: Annotated[Text100 | None, Field(alias="streetAddress1")] = None
	street_address2: Annotated[Text100 | None, Field(alias="streetAddress2")] = None
	city: Text60 | None = None
	main_division: Text60 | None = None
	sub_division: Text60 | None = None
	postal_code: Text20 | None = None
	country: Text60 | None = None
	tax_area_id: TaxAreaId | None = None
	latitude: Text20 | None = None
	longitude: Text20 | None = None
	external_jurisdiction_code: Text20 | None = None
	location_code: Text20 | None = None


class TaxRegistration(Part):
	iso_country_code: CountryCode | None = None
	main_division: Text60 | None = None
	tax_registration_number: Text40 | None = None
	has_physical_presence_indicator: Boolean | None = None


class CustomerCode(Part):
	value: Text40 | None = None
	class_code: Text40 | None = None
	is_business_indicator: Boolean | None = None


class ExemptionCertificate(Part):
	exemption_certificate_number: Text30 | None = None


class Customer(Part):
	customer_code: CustomerCode | None = None
	destination: Location | None = None
	administrative_destination: Location | None = None
	is_tax_exempt: Boolean | None = None
	exemption_reason_code: Text60 | None = None
	exemption_certificate: ExemptionCertificate | None = None
	tax_registrations: list[TaxRegistration] | None = None

	def is_exempt(self) -> bool:
		"""A certificate's number alone is enough, whatever `isTaxExempt` says."""
		certificate = self.exemption_certificate
		return bool(self.is_tax_exempt or (certificate and certificate.exemption_certificate_number))


class Seller(Part):
	company: Text40 | None = None
	division: Text40 | None = None
	department: Text40 | None = None
	physical_origin: Location | None = None
	administrative_origin: Location | None = None
	tax_registrations: list[TaxRegistration] | None = None


class CurrencyCode(Part):
	iso_currency_code_alpha: Currency | None = None
	iso_currency_code_num: Integer | None = None
	iso_currency_name: Text60 | None = None


class Discount(Part):
	"""A percentage is given as 10 for 10 %."""

	discount_type: Literal["DiscountAmount", "DiscountPercent"]
	discount_value: Number
	user_defined_discount_code: Text20 | None = None


class Product(Part):
	value: Text40 | None = None
	product_class: Text40 | None = None


class Measure(Part):
	value: Number | None = None
	unit_of_measure: Text3 | None = None


class CommodityCode(Part):
	value: Text40 | None = None
	commodity_code_type: Text60 | None = None


class FlexibleCode(Part):
	field_id: Annotated[Integer, Field(ge=1, le=25)]
	value: Text250


class FlexibleNumber(Part):
	field_id: Annotated[Integer, Field(ge=1, le=10)]
	value: Number


class FlexibleDate(Part):
	field_id: Annotated[Integer, Field(ge=1, le=5)]
	value: Date


class FlexibleFields(Part):
	flexible_code_fields: list[FlexibleCode] | None = None
	flexible_numeric_fields: list[FlexibleNumber] | None = None
	flexible_date_fields: list[FlexibleDate] | None = None


class Line(Part):
	line_item_number: Integer | None = None
	line_item_id: Text40 | None = None
	product: Product | None = None
	quantity: Measure | None = None
	unit_price: Number | None = None
	extended_price: Number | None = None
	fair_market_value: Number | None = None
	cost: Number | None = None
	discount: Discount | None = None
	tax_date: Date | None = None
	tax_included_indicator: Boolean | None = None
	seller: Seller | None = None
	customer: Customer | None = None
	transaction_type: TransactionType | None = None
	delivery_term: DeliveryTerm | None = None
	title_transfer: Literal["ORIGIN", "IN_TRANSIT", "DESTINATION"] | None = None
	commodity_code: CommodityCode | None = None
	vendor_sku: Annotated[Text40 | None, Field(alias="vendorSKU")] = None
	usage: Text40 | None = None
	usage_class: Text40 | None = None
	location_code: Text20 | None = None
	cost_center: Text40 | None = None
	department_code: Text40 | None = None
	general_ledger_account: Text40 | None = None
	material_code: Text40 | None = None
	project_number: Text40 | None = None
	weight: Measure | None = None
	volume: Measure | None = None
	flexible_fields: FlexibleFields | None = None


class Sale(Part):
	sale_message_type: Literal["QUOTATION", "INVOICE", "DISTRIBUTE_TAX"] = "QUOTATION"
	transaction_type: TransactionType
	transaction_id: Text40 | None = None
	document_number: Text50 | None = None
	document_date: Date | None = None
	document_type: Text20 | None = None
	document_sequence_id: Text60 | None = None
	posting_date: Date | None = None
	payment_date: Date | None = None
	tax_point_date: Date | None = None
	billing_type: Text20 | None = None
	order_type: Text20 | None = None
	location_code: Text20 | None = None
	accumulation_customer_number: Text40 | None = None
	accumulation_document_number: Text40 | None = None
	currency: CurrencyCode | None = None
	original_currency: CurrencyCode | None = None
	company_code_currency: CurrencyCode | None = None
	delivery_term: DeliveryTerm | None = None
	seller: Seller | None = None
	customer: Customer | None = None
	discount: Discount | None = None
	round_at_line_level: Boolean = False
	return_assisted_parameters_indicator: Boolean | None = None
	return_generated_line_items_indicator: Boolean | None = None
	return_time_elapsed_details_indicator: Boolean | None = None
	line_items: Annotated[list[Line], Field(min_length=1)]

	def customer_of(self, line: Line) -> Customer:
		"""The line's own customer, else the document's."""
		return line.customer or self.customer or Customer()

	def destination_of(self, line: Line) -> Location | None:
		"""Where a line goes to: its own destination, else the document's."""
		own = line.customer.destination if line.customer else None
		return own or (self.customer.destination if self.customer else None)

	def origin_of(self, line: Line) -> Location | None:
		own = line.seller.physical_origin if line.seller else None
		return own or (self.seller.physical_origin if self.seller else None)

	def company(self) -> str | None:
		return self.seller.company if self.seller else None


class Reversal(Part):
	"""The body of a reversal, below `data`."""

	transaction_id: Text40 | None = None
	posting_date: Date | None = None
	document_number: Text50 | None = None
