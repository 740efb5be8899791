CREATE TABLE kept_aside (
	seq integer PRIMARY KEY NOT NULL,
	ref_id blob NOT NULL,
	kind text NOT NULL,
	reason text NOT NULL,
	detail text NOT NULL,
	told_at_ms integer NOT NULL,
	state text NOT NULL,
	note text,
	decided_at_ms integer,
	decided_by text
);
--> statement-breakpoint
CREATE TABLE publication (
	id blob PRIMARY KEY NOT NULL,
	published_at_ms integer NOT NULL,
	effective_at_ms integer NOT NULL,
	row_count integer NOT NULL,
	hash text NOT NULL,
	arrived_at_ms integer,
	applied_at_ms integer
);
--> statement-breakpoint
CREATE TABLE publication_row (
	publication_id blob NOT NULL,
	item_id blob NOT NULL,
	change text NOT NULL,
	PRIMARY KEY(publication_id, item_id)
);
--> statement-breakpoint
CREATE INDEX publication_row_item ON publication_row (item_id);
