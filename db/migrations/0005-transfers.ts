/** Written by db/write-migrations.ts from 0005_transfers.sql; not edited by hand. */
export const sql = `CREATE TABLE sister_store (
	id blob PRIMARY KEY NOT NULL,
	name text NOT NULL,
	trade_name text NOT NULL,
	address text NOT NULL,
	state_code text NOT NULL,
	gstin text
);
--> statement-breakpoint
CREATE TABLE transfer_event (
	id blob PRIMARY KEY NOT NULL,
	transfer_id blob NOT NULL,
	at_ms integer NOT NULL,
	content text NOT NULL,
	series text,
	financial_year text,
	sequence integer
);
--> statement-breakpoint
CREATE INDEX transfer_event_transfer ON transfer_event (transfer_id);--> statement-breakpoint
CREATE UNIQUE INDEX transfer_event_number ON transfer_event (series,financial_year,sequence);
`;
