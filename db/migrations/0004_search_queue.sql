CREATE TABLE item_unindexed (
	item_no integer PRIMARY KEY NOT NULL
);
