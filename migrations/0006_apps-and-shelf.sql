CREATE TABLE `device_choices` (
	`device_id` text NOT NULL,
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`identifier` text NOT NULL,
	`generation` integer NOT NULL,
	`chosen_at` integer NOT NULL,
	`chosen_by` text,
	PRIMARY KEY(`device_id`, `user_id`, `kind`, `identifier`)
);
--> statement-breakpoint
ALTER TABLE `set_members` ADD `optional` integer DEFAULT false NOT NULL;