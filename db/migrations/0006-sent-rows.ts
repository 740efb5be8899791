/** Written by db/write-migrations.ts from 0006_sent_rows.sql; not edited by hand. */
export const sql = `CREATE TABLE sent_row (
	shape text NOT NULL,
	generation integer NOT NULL,
	row_key text NOT NULL,
	is_own integer NOT NULL,
	hash blob NOT NULL,
	content text NOT NULL,
	PRIMARY KEY(shape, generation, row_key, is_own)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE sent_shape (
	shape text PRIMARY KEY NOT NULL,
	handle text,
	place_offset text,
	generation integer NOT NULL
);
`;
