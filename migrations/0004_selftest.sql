CREATE TABLE `selftests` (
	`id` integer PRIMARY KEY NOT NULL,
	`address` text NOT NULL,
	`tested_at` integer NOT NULL,
	`findings` text NOT NULL
);
