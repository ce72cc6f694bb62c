CREATE TABLE `attribute_definitions` (
	`name` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`choices` text,
	`minimum` real,
	`maximum` real,
	`earliest` text,
	`latest` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `people` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text,
	`email` text,
	`name` text,
	`department` text,
	`issuer` text,
	`subject` text,
	`signed_in_at` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`account_key` text GENERATED ALWAYS AS ((lower(account))) VIRTUAL,
	`email_key` text GENERATED ALWAYS AS ((lower(email))) VIRTUAL,
	`department_key` text GENERATED ALWAYS AS ((lower(department))) VIRTUAL,
	`name_key` text GENERATED ALWAYS AS ((lower(coalesce(name, '')))) VIRTUAL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `people_account` ON `people` (`account_key`);--> statement-breakpoint
CREATE UNIQUE INDEX `people_email` ON `people` (`email_key`);--> statement-breakpoint
CREATE INDEX `people_name` ON `people` (`name_key`,`id`);--> statement-breakpoint
CREATE INDEX `people_department` ON `people` (`department_key`,`name_key`,`id`);--> statement-breakpoint
ALTER TABLE `device_attributes` ADD `number` real GENERATED ALWAYS AS ((CASE WHEN value GLOB '*[0-9]*' AND substr(value, 2) NOT GLOB '*[^0-9.]*' AND substr(value, 1, 1) GLOB '[-0-9]' THEN CAST(value AS REAL) END)) VIRTUAL;--> statement-breakpoint
CREATE INDEX `device_attributes_number` ON `device_attributes` (`name`,`number`,`device_id`);--> statement-breakpoint
ALTER TABLE `devices` ADD `person_id` text;--> statement-breakpoint
CREATE INDEX `devices_person` ON `devices` (`person_id`,`id`);--> statement-breakpoint
ALTER TABLE `assignment_changes` ADD `person_id` text;--> statement-breakpoint
ALTER TABLE `sets` ADD `device_name` text;