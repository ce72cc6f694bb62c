CREATE TABLE `newest_releases` (
	`id` integer PRIMARY KEY NOT NULL,
	`version` text NOT NULL,
	`seen_at` integer NOT NULL
);
