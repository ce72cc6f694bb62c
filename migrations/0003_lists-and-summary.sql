CREATE TABLE `summaries` (
	`id` text PRIMARY KEY NOT NULL,
	`tally` text NOT NULL,
	`counted_at` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `channels_user`;--> statement-breakpoint
CREATE INDEX `channels_user` ON `channels` (lower(user_short_name),`device_id`);--> statement-breakpoint
DROP INDEX `devices_last_seen`;--> statement-breakpoint
ALTER TABLE `devices` ADD `name_key` text GENERATED ALWAYS AS ((lower(coalesce(name, '')))) VIRTUAL;--> statement-breakpoint
ALTER TABLE `devices` ADD `serial_key` text GENERATED ALWAYS AS ((lower(coalesce(serial, '')))) VIRTUAL;--> statement-breakpoint
ALTER TABLE `devices` ADD `enrolled_key` integer GENERATED ALWAYS AS ((coalesce(enrolled_at, 0))) VIRTUAL;--> statement-breakpoint
ALTER TABLE `devices` ADD `seen_key` integer GENERATED ALWAYS AS ((coalesce(last_seen_at, 0))) VIRTUAL;--> statement-breakpoint
CREATE INDEX `devices_by_name` ON `devices` (`name_key`,`id`);--> statement-breakpoint
CREATE INDEX `devices_by_serial` ON `devices` (`serial_key`,`id`);--> statement-breakpoint
CREATE INDEX `devices_by_enrollment` ON `devices` (`enrolled_key`,`id`);--> statement-breakpoint
CREATE INDEX `devices_last_seen` ON `devices` (`seen_key`,`id`);