/** Written by db/write-migrations.ts from 0001_settlement_enquiry.sql; not edited by hand. */
export const sql = `CREATE TABLE enquiry (
	enquiry_no integer PRIMARY KEY NOT NULL,
	id blob NOT NULL,
	text text NOT NULL,
	item_no integer,
	staff_no integer NOT NULL,
	at_ms integer NOT NULL,
	business_date text NOT NULL,
	FOREIGN KEY (item_no) REFERENCES item(item_no) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (staff_no) REFERENCES staff(staff_no) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX enquiry_id ON enquiry (id);--> statement-breakpoint
CREATE TABLE tender_settlement (
	tender_key integer PRIMARY KEY NOT NULL,
	outcome text NOT NULL,
	settled_at_ms integer NOT NULL,
	settled_by_no integer NOT NULL,
	FOREIGN KEY (tender_key) REFERENCES document_tender(tender_key) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (settled_by_no) REFERENCES staff(staff_no) ON UPDATE no action ON DELETE no action
);
`;
