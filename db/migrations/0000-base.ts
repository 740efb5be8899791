/** Written by db/write-migrations.ts from 0000_base.sql; not edited by hand. */
export const sql = `CREATE TABLE batch (
	batch_no integer PRIMARY KEY NOT NULL,
	id blob NOT NULL,
	item_no integer NOT NULL,
	code text,
	mrp_paise integer,
	selling_price_paise integer NOT NULL,
	packed_on text,
	expires_on text,
	FOREIGN KEY (item_no) REFERENCES item(item_no) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX batch_id ON batch (id);--> statement-breakpoint
CREATE INDEX batch_item ON batch (item_no);--> statement-breakpoint
CREATE TABLE item (
	item_no integer PRIMARY KEY NOT NULL,
	id blob NOT NULL,
	code text NOT NULL,
	name text NOT NULL,
	name_hi text,
	brand text,
	category text,
	unit text NOT NULL,
	hsn text,
	tax_class_key text,
	is_inclusive integer NOT NULL,
	mrp_paise integer,
	selling_price_paise integer NOT NULL,
	cost_price_paise integer,
	loose_slot integer,
	is_active integer NOT NULL,
	search_rank integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX item_id ON item (id);--> statement-breakpoint
CREATE UNIQUE INDEX item_code ON item (code);--> statement-breakpoint
CREATE UNIQUE INDEX item_search_rank ON item (search_rank);--> statement-breakpoint
CREATE INDEX item_loose_slot ON item (loose_slot) WHERE loose_slot IS NOT NULL;--> statement-breakpoint
CREATE TABLE item_barcode (
	code text PRIMARY KEY NOT NULL,
	item_no integer NOT NULL,
	position integer NOT NULL,
	pack_qty_milli integer NOT NULL,
	pack_name text,
	selling_price_paise integer,
	mrp_paise integer,
	FOREIGN KEY (item_no) REFERENCES item(item_no) ON UPDATE no action ON DELETE no action
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX item_barcode_item ON item_barcode (item_no,position);--> statement-breakpoint
CREATE TABLE last_used_batch (
	item_no integer PRIMARY KEY NOT NULL,
	batch_no integer NOT NULL,
	FOREIGN KEY (item_no) REFERENCES item(item_no) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (batch_no) REFERENCES batch(batch_no) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE tax_rate (
	class_key text NOT NULL,
	from_date text NOT NULL,
	to_date text,
	hsn text NOT NULL,
	description text NOT NULL,
	condition text NOT NULL,
	rate_bp integer NOT NULL,
	treatment integer NOT NULL,
	valuation integer NOT NULL,
	cess_rule integer,
	cess_rate_bp integer,
	cess_per_unit_milli_paise integer,
	PRIMARY KEY(class_key, from_date)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX tax_rate_hsn ON tax_rate (hsn);--> statement-breakpoint
CREATE TABLE command_key (
	key text PRIMARY KEY NOT NULL,
	answer text NOT NULL,
	at_ms integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE journal (
	seq integer PRIMARY KEY NOT NULL,
	kind text NOT NULL,
	ref_id blob NOT NULL,
	at_ms integer NOT NULL,
	push_count integer NOT NULL,
	payload text,
	content_hash blob NOT NULL,
	hash blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE journal_sent (
	only integer PRIMARY KEY NOT NULL,
	through_seq integer NOT NULL,
	push_count integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE movement_by_item (
	item_no integer NOT NULL,
	movement_no integer NOT NULL,
	PRIMARY KEY(item_no, movement_no)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE print_job (
	id blob PRIMARY KEY NOT NULL,
	document_id blob,
	kind text NOT NULL,
	state text NOT NULL,
	created_at_ms integer NOT NULL,
	changed_at_ms integer NOT NULL,
	is_duplicate integer NOT NULL,
	opens_drawer integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX print_job_open ON print_job (created_at_ms,id) WHERE state IN ('waiting', 'printing', 'cut');--> statement-breakpoint
CREATE TABLE setting (
	key text PRIMARY KEY NOT NULL,
	value text NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE shift (
	shift_no integer PRIMARY KEY NOT NULL,
	id blob NOT NULL,
	cashier_no integer NOT NULL,
	cashier_name text NOT NULL,
	opened_at_ms integer NOT NULL,
	business_date text NOT NULL,
	float_paise integer NOT NULL,
	first_document_no integer NOT NULL,
	last_document_no integer,
	closed_at_ms integer,
	closed_by_no integer,
	expected_cash_paise integer,
	counted_cash_paise integer,
	first_count_paise integer,
	reason text,
	FOREIGN KEY (cashier_no) REFERENCES staff(staff_no) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (closed_by_no) REFERENCES staff(staff_no) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX shift_id ON shift (id);--> statement-breakpoint
CREATE UNIQUE INDEX shift_open ON shift ((closed_at_ms IS NULL)) WHERE closed_at_ms IS NULL;--> statement-breakpoint
CREATE TABLE shop_state (
	only integer PRIMARY KEY NOT NULL,
	is_open integer NOT NULL,
	opened_at_ms integer NOT NULL,
	log_restarts integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE staff (
	staff_no integer PRIMARY KEY NOT NULL,
	id blob NOT NULL,
	name text NOT NULL,
	role text NOT NULL,
	language text NOT NULL,
	pin_hash text NOT NULL,
	pin_salt text NOT NULL,
	is_active integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX staff_id ON staff (id);--> statement-breakpoint
CREATE TABLE staff_lockout (
	staff_no integer PRIMARY KEY NOT NULL,
	failures integer NOT NULL,
	locked_until_ms integer,
	last_seen_ms integer NOT NULL,
	FOREIGN KEY (staff_no) REFERENCES staff(staff_no) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE stock_balance (
	item_no integer NOT NULL,
	batch_no integer NOT NULL,
	qty_milli integer NOT NULL,
	PRIMARY KEY(item_no, batch_no)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE stock_fold (
	only integer PRIMARY KEY NOT NULL,
	through_movement_no integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE stock_movement (
	movement_no integer PRIMARY KEY NOT NULL,
	id blob NOT NULL,
	item_no integer NOT NULL,
	batch_no integer,
	qty_milli integer NOT NULL,
	kind integer NOT NULL,
	ref_id blob,
	ref_line_no integer,
	business_date text NOT NULL,
	occurred_at_ms integer NOT NULL,
	cost_price_paise integer,
	note text,
	FOREIGN KEY (item_no) REFERENCES item(item_no) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (batch_no) REFERENCES batch(batch_no) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE document (
	document_no integer PRIMARY KEY NOT NULL,
	id blob NOT NULL,
	kind integer NOT NULL,
	schema_version integer NOT NULL,
	series text NOT NULL,
	financial_year text NOT NULL,
	sequence integer NOT NULL,
	number text NOT NULL,
	business_date text NOT NULL,
	occurred_at_ms integer NOT NULL,
	seller_no integer NOT NULL,
	shift_no integer NOT NULL,
	cashier_no integer NOT NULL,
	cashier_name text NOT NULL,
	title text,
	has_customer integer NOT NULL,
	customer_mobile text,
	customer_name text,
	customer_gstin text,
	customer_address text,
	customer_place_of_supply text,
	place_of_supply text NOT NULL,
	supply text NOT NULL,
	line_count integer NOT NULL,
	items_paise integer NOT NULL,
	discount_paise integer NOT NULL,
	taxable_value_paise integer NOT NULL,
	cgst_paise integer NOT NULL,
	sgst_paise integer NOT NULL,
	utgst_paise integer NOT NULL,
	igst_paise integer NOT NULL,
	cess_paise integer NOT NULL,
	round_off_paise integer NOT NULL,
	payable_paise integer NOT NULL,
	change_paise integer NOT NULL,
	returned_id blob,
	returned_number text,
	returned_business_date text,
	return_reason text,
	approved_by_no integer,
	FOREIGN KEY (seller_no) REFERENCES seller(seller_no) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (shift_no) REFERENCES shift(shift_no) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (cashier_no) REFERENCES staff(staff_no) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (approved_by_no) REFERENCES staff(staff_no) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX document_id ON document (id);--> statement-breakpoint
CREATE UNIQUE INDEX document_number ON document (series,financial_year,sequence);--> statement-breakpoint
CREATE INDEX document_business_date ON document (business_date);--> statement-breakpoint
CREATE INDEX document_customer_mobile ON document (customer_mobile) WHERE customer_mobile IS NOT NULL;--> statement-breakpoint
CREATE INDEX document_customer_name ON document (customer_name COLLATE NOCASE) WHERE customer_name IS NOT NULL;--> statement-breakpoint
CREATE INDEX document_returned ON document (returned_id) WHERE returned_id IS NOT NULL;--> statement-breakpoint
CREATE TABLE document_line (
	line_key integer PRIMARY KEY NOT NULL,
	item_no integer,
	batch_no integer,
	barcode text,
	name text NOT NULL,
	name_hi text,
	hsn text,
	unit text NOT NULL,
	pack_name text,
	qty_milli integer NOT NULL,
	pack_qty_milli integer NOT NULL,
	batch_code text,
	expires_on text,
	mrp_paise integer,
	selling_price_paise integer NOT NULL,
	is_inclusive integer NOT NULL,
	gross_paise integer NOT NULL,
	line_discount_paise integer NOT NULL,
	bill_discount_paise integer NOT NULL,
	net_paise integer NOT NULL,
	rate_bp integer NOT NULL,
	treatment integer NOT NULL,
	valuation integer NOT NULL,
	cess_rule integer,
	cess_rate_bp integer,
	cess_per_unit_milli_paise integer,
	taxable_value_paise integer NOT NULL,
	cgst_paise integer NOT NULL,
	sgst_paise integer NOT NULL,
	utgst_paise integer NOT NULL,
	igst_paise integer NOT NULL,
	cess_paise integer NOT NULL,
	total_paise integer NOT NULL,
	returned_line_no integer,
	is_restocked integer,
	FOREIGN KEY (item_no) REFERENCES item(item_no) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (batch_no) REFERENCES batch(batch_no) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE document_tender (
	tender_key integer PRIMARY KEY NOT NULL,
	kind text NOT NULL,
	amount_paise integer NOT NULL,
	received_paise integer NOT NULL,
	status text NOT NULL,
	reference text
);
--> statement-breakpoint
CREATE INDEX document_tender_waiting ON document_tender (tender_key) WHERE status = 'waiting';--> statement-breakpoint
CREATE TABLE seller (
	seller_no integer PRIMARY KEY NOT NULL,
	content text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX seller_content ON seller (content);
--> statement-breakpoint
-- By hand from here: what the schema language has no words for.
CREATE VIRTUAL TABLE item_words USING fts5(words, roman, content='', contentless_delete=1, detail=column, prefix='1 2 3 4 5 6', tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'");
--> statement-breakpoint
CREATE VIRTUAL TABLE item_trigram USING fts5(words, roman, content='', contentless_delete=1, tokenize='trigram');
--> statement-breakpoint
INSERT INTO stock_fold (only, through_movement_no) VALUES (1, 0);
--> statement-breakpoint
INSERT INTO journal_sent (only, through_seq, push_count) VALUES (1, 0, 0);
--> statement-breakpoint
INSERT INTO shop_state (only, is_open, opened_at_ms, log_restarts) VALUES (1, 0, 0, 0);
`;
