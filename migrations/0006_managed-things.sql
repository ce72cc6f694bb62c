CREATE TABLE `managed_things` (
	`path` text PRIMARY KEY NOT NULL,
	`managed_by` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `managed_things_by_manager` ON `managed_things` (`managed_by`,`path`);--> statement-breakpoint
CREATE TABLE `write_turns` (
	`path` text PRIMARY KEY NOT NULL,
	`holder` text NOT NULL,
	`taken_at` integer NOT NULL
);
