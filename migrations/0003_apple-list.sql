CREATE TABLE `signed_systems` (
	`list` text NOT NULL,
	`platform` text NOT NULL,
	`version` text NOT NULL,
	`build` text NOT NULL,
	`supplement` text NOT NULL,
	`version_key` integer NOT NULL,
	`prerequisite_build` text,
	`first_posted_on` text NOT NULL,
	`posted_on` text NOT NULL,
	`models` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	`missing_since` integer,
	PRIMARY KEY(`list`, `platform`, `version`, `build`)
);
--> statement-breakpoint
CREATE INDEX `signed_systems_platform` ON `signed_systems` (`platform`,`list`,`version_key`);--> statement-breakpoint
CREATE TABLE `signed_systems_reading` (
	`id` integer PRIMARY KEY NOT NULL,
	`taken_at` integer,
	`tried_at` integer NOT NULL,
	`trouble` text,
	`shrunk_since` integer
);
