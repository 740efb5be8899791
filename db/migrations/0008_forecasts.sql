CREATE TABLE forecast_run (
	run_no integer PRIMARY KEY NOT NULL,
	made_at_ms integer NOT NULL,
	kind text NOT NULL,
	origin_date text NOT NULL,
	source text NOT NULL,
	reason text NOT NULL,
	model_version text,
	model_since_ms integer,
	is_whole integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE forecast (
	run_no integer NOT NULL,
	item_no integer NOT NULL,
	week_p10_milli integer NOT NULL,
	week_p50_milli integer NOT NULL,
	week_p90_milli integer NOT NULL,
	sold_week_milli integer NOT NULL,
	plain_week_milli integer NOT NULL,
	source text NOT NULL,
	reason text NOT NULL,
	confidence integer NOT NULL,
	days_learnt integer NOT NULL,
	days_left_out integer NOT NULL,
	day_tie_bp integer NOT NULL,
	days blob NOT NULL,
	days_out blob NOT NULL,
	drivers text NOT NULL,
	PRIMARY KEY (run_no, item_no),
	FOREIGN KEY (item_no) REFERENCES item(item_no)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE forecast_group (
	run_no integer NOT NULL,
	kind text NOT NULL,
	name text NOT NULL,
	content text NOT NULL,
	PRIMARY KEY (run_no, kind, name)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE forecast_week (
	week_start text NOT NULL,
	item_no integer NOT NULL,
	p10_milli integer NOT NULL,
	p50_milli integer NOT NULL,
	p90_milli integer NOT NULL,
	naive_milli integer NOT NULL,
	sold_milli integer,
	PRIMARY KEY (week_start, item_no),
	FOREIGN KEY (item_no) REFERENCES item(item_no)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE item_order (
	item_no integer PRIMARY KEY NOT NULL,
	pack_milli integer,
	supplier text,
	shelf_days integer,
	FOREIGN KEY (item_no) REFERENCES item(item_no)
);
--> statement-breakpoint
CREATE TABLE order_edit (
	business_date text NOT NULL,
	item_no integer NOT NULL,
	packs integer,
	PRIMARY KEY (business_date, item_no),
	FOREIGN KEY (item_no) REFERENCES item(item_no)
) WITHOUT ROWID;
