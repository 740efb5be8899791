CREATE TABLE head_office_item (
	id blob PRIMARY KEY NOT NULL,
	hash blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE head_office_staged (
	id blob PRIMARY KEY NOT NULL,
	hash blob NOT NULL,
	content text NOT NULL,
	step integer NOT NULL
);
--> statement-breakpoint
INSERT INTO head_office_item (id, hash)
SELECT unhex(replace(value, '-', '')), x'' FROM json_each((SELECT value FROM setting WHERE key = 'shape.catalogue.items'));
--> statement-breakpoint
DELETE FROM setting WHERE key = 'shape.catalogue.items';
