CREATE TABLE `newest_releases` (
	`id` integer PRIMARY KEY NOT NULL,
	`version` text NOT NULL,
	`seen_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `devices` ADD `recovery_lock` integer;--> statement-breakpoint
ALTER TABLE `devices` ADD `has_recovery_lock` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `devices` ADD `attestation_failed_at` integer;