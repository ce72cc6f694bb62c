CREATE TABLE `master_keys` (
	`key_id` text PRIMARY KEY NOT NULL,
	`marker` text NOT NULL,
	`since` integer NOT NULL
);
