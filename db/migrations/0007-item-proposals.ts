/** Written by db/write-migrations.ts from 0007_item_proposals.sql; not edited by hand. */
export const sql = `CREATE TABLE item_proposal (
	id blob PRIMARY KEY NOT NULL,
	item_id blob NOT NULL,
	change text NOT NULL,
	base text NOT NULL,
	by_name text NOT NULL,
	at_ms integer NOT NULL,
	state text NOT NULL,
	note text NOT NULL,
	decided_by text,
	decided_at_ms integer
);
--> statement-breakpoint
CREATE INDEX item_proposal_item ON item_proposal (item_id, at_ms);
`;
