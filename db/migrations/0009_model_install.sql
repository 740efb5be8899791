CREATE TABLE model_event (
	seq integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	at_ms integer NOT NULL,
	model_id text NOT NULL,
	version text NOT NULL,
	what text NOT NULL,
	why text,
	figures text,
	is_told integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX model_event_untold ON model_event (is_told,seq);--> statement-breakpoint
CREATE TABLE model_install (
	model_id text PRIMARY KEY NOT NULL,
	kind text NOT NULL,
	version text NOT NULL,
	origin text NOT NULL,
	state text NOT NULL,
	since_ms integer NOT NULL,
	figures text
);
