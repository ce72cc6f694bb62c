CREATE TABLE `administrator_invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`code_hash` text NOT NULL,
	`email` text NOT NULL,
	`role` text NOT NULL,
	`rights` text NOT NULL,
	`way` text NOT NULL,
	`token_days` integer NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`invited_by` text,
	`expires_at` integer NOT NULL,
	`accepted_at` integer,
	`withdrawn_at` integer,
	`token_id` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `administrator_invitations_by_code` ON `administrator_invitations` (`code_hash`);--> statement-breakpoint
CREATE INDEX `administrator_invitations_by_creation` ON `administrator_invitations` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `administrator_invitations_by_end` ON `administrator_invitations` (`expires_at`);--> statement-breakpoint
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
CREATE TABLE `content_assets` (
	`location` text NOT NULL,
	`adam_id` text NOT NULL,
	`pricing` text NOT NULL,
	`kind` text NOT NULL,
	`platforms` text NOT NULL,
	`is_for_devices` integer NOT NULL,
	`is_revocable` integer NOT NULL,
	`total` integer NOT NULL,
	`assigned` integer NOT NULL,
	`available` integer NOT NULL,
	`retired` integer NOT NULL,
	`seen_at` integer NOT NULL,
	PRIMARY KEY(`location`, `adam_id`, `pricing`)
);
--> statement-breakpoint
CREATE INDEX `content_assets_app` ON `content_assets` (`adam_id`,`location`);--> statement-breakpoint
CREATE TABLE `content_locations` (
	`name` text PRIMARY KEY NOT NULL,
	`base_url` text,
	`uid` text NOT NULL,
	`location_name` text,
	`country` text,
	`store_platform` text,
	`organization` text NOT NULL,
	`sealed_token` text NOT NULL,
	`token_expires_at` integer NOT NULL,
	`token_at` integer NOT NULL,
	`mdm_id` text NOT NULL,
	`rival` text,
	`sealed_secret` text NOT NULL,
	`notification_url` text,
	`limits` text,
	`limits_at` integer,
	`invitation_url` text,
	`state` text NOT NULL,
	`state_since` integer NOT NULL,
	`trouble` text,
	`run` text,
	`assignments_version` text,
	`users_version` text,
	`assets_due_at` integer NOT NULL,
	`assignments_due_at` integer NOT NULL,
	`users_due_at` integer NOT NULL,
	`full_due_at` integer NOT NULL,
	`synced_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `content_locations_uid` ON `content_locations` (`uid`);--> statement-breakpoint
CREATE TABLE `content_notifications` (
	`location` text NOT NULL,
	`id` text NOT NULL,
	`received_at` integer NOT NULL,
	`body` text,
	PRIMARY KEY(`location`, `id`)
);
--> statement-breakpoint
CREATE INDEX `content_notifications_waiting` ON `content_notifications` (`location`,`received_at`) WHERE "content_notifications"."body" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `content_notifications_age` ON `content_notifications` (`received_at`);--> statement-breakpoint
CREATE TABLE `content_users` (
	`location` text NOT NULL,
	`client_user_id` text NOT NULL,
	`email` text,
	`managed_apple_id` text,
	`status` text,
	`seen_at` integer,
	`intent` text,
	`order_id` text,
	`tries` integer DEFAULT 0 NOT NULL,
	`trouble` text,
	`due_at` integer,
	PRIMARY KEY(`location`, `client_user_id`)
);
--> statement-breakpoint
CREATE INDEX `content_users_due` ON `content_users` (`location`,`due_at`) WHERE "content_users"."due_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `content_users_order` ON `content_users` (`order_id`) WHERE "content_users"."order_id" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `licence_orders` (
	`id` text PRIMARY KEY NOT NULL,
	`location` text NOT NULL,
	`what` text NOT NULL,
	`assets` text NOT NULL,
	`holders` integer NOT NULL,
	`state` text NOT NULL,
	`event_id` text,
	`failures` text,
	`trouble` text,
	`sent_at` integer NOT NULL,
	`looks` integer DEFAULT 0 NOT NULL,
	`next_at` integer,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `licence_orders_sent` ON `licence_orders` (`location`,`sent_at`,`id`);--> statement-breakpoint
CREATE INDEX `licence_orders_next` ON `licence_orders` (`location`,`next_at`) WHERE "licence_orders"."next_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `licence_orders_event` ON `licence_orders` (`location`,`event_id`);--> statement-breakpoint
CREATE TABLE `licences` (
	`location` text NOT NULL,
	`adam_id` text NOT NULL,
	`pricing` text NOT NULL,
	`holder_kind` text NOT NULL,
	`holder` text NOT NULL,
	`held_at` integer,
	`seen_at` integer,
	`intent` text,
	`intent_by` text,
	`intent_at` integer,
	`order_id` text,
	`tries` integer DEFAULT 0 NOT NULL,
	`trouble` text,
	`due_at` integer,
	PRIMARY KEY(`location`, `adam_id`, `pricing`, `holder_kind`, `holder`)
);
--> statement-breakpoint
CREATE INDEX `licences_holder` ON `licences` (`holder_kind`,`holder`,`location`,`adam_id`);--> statement-breakpoint
CREATE INDEX `licences_due` ON `licences` (`location`,`due_at`) WHERE "licences"."due_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `licences_trouble` ON `licences` (`location`,`adam_id`) WHERE "licences"."trouble" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `licences_order` ON `licences` (`order_id`) WHERE "licences"."order_id" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `store_items` (
	`adam_id` text NOT NULL,
	`country` text NOT NULL,
	`name` text,
	`seller` text,
	`bundle_id` text,
	`icon_url` text,
	`version` text,
	`external_version_id` text,
	`families` text NOT NULL,
	`minimum_os` text,
	`fetched_at` integer,
	`due_at` integer NOT NULL,
	PRIMARY KEY(`adam_id`, `country`)
);
--> statement-breakpoint
CREATE INDEX `store_items_due` ON `store_items` (`country`,`due_at`);--> statement-breakpoint
CREATE INDEX `store_items_bundle` ON `store_items` (`bundle_id`);--> statement-breakpoint
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
CREATE TABLE `rollout_items` (
	`rollout_id` text NOT NULL,
	`kind` text NOT NULL,
	`identifier` text NOT NULL,
	`set_name` text NOT NULL,
	`change` text NOT NULL,
	`version` integer,
	`former` text,
	`policy` text,
	`open` integer NOT NULL,
	PRIMARY KEY(`rollout_id`, `kind`, `identifier`, `set_name`)
);
--> statement-breakpoint
CREATE INDEX `rollout_items_open` ON `rollout_items` (`kind`,`identifier`) WHERE open = 1;--> statement-breakpoint
CREATE INDEX `rollout_items_set` ON `rollout_items` (`set_name`) WHERE open = 1;--> statement-breakpoint
CREATE TABLE `rollouts` (
	`id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`target` text,
	`seed` text NOT NULL,
	`plan` text NOT NULL,
	`state` text NOT NULL,
	`ring` integer NOT NULL,
	`told_ring` integer NOT NULL,
	`opened_at` text NOT NULL,
	`cutoffs` text,
	`counts` text,
	`counted_at` integer,
	`accepted` text NOT NULL,
	`reason` text,
	`revision` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`ended_at` integer,
	`ended_by` text
);
--> statement-breakpoint
CREATE INDEX `rollouts_newest` ON `rollouts` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `rollouts_subject` ON `rollouts` (`kind`,`subject`,`created_at`);--> statement-breakpoint
CREATE INDEX `rollouts_open` ON `rollouts` (`kind`,`subject`) WHERE ended_at IS NULL;--> statement-breakpoint
CREATE TABLE `__new_device_words` (
	`word` text NOT NULL,
	`device_id` text NOT NULL,
	`words` text NOT NULL
);
--> statement-breakpoint
INSERT INTO `__new_device_words`("word", "device_id", "words")
SELECT `device_words`.`word`, `device_words`.`device_id`, `whole`.`words` FROM `device_words`
JOIN (
	SELECT `device_id`, ' ' || group_concat(`word`, ' ') || ' ' AS `words`
	FROM (SELECT `device_id`, `word` FROM `device_words` ORDER BY `device_id`, `word`) GROUP BY `device_id`
) AS `whole` ON `whole`.`device_id` = `device_words`.`device_id`;--> statement-breakpoint
DROP TABLE `device_words`;--> statement-breakpoint
ALTER TABLE `__new_device_words` RENAME TO `device_words`;--> statement-breakpoint
CREATE UNIQUE INDEX `device_words_walk` ON `device_words` (`word`,`device_id`,`words`);--> statement-breakpoint
CREATE INDEX `device_words_device` ON `device_words` (`device_id`);--> statement-breakpoint
ALTER TABLE `device_attributes` ADD `number` real GENERATED ALWAYS AS ((CASE WHEN value GLOB '*[0-9]*' AND substr(value, 2) NOT GLOB '*[^0-9.]*' AND substr(value, 1, 1) GLOB '[-0-9]' THEN CAST(value AS REAL) END)) VIRTUAL;--> statement-breakpoint
CREATE INDEX `device_attributes_number` ON `device_attributes` (`name`,`number`,`device_id`);--> statement-breakpoint
ALTER TABLE `devices` ADD `person_id` text;--> statement-breakpoint
CREATE INDEX `devices_person` ON `devices` (`person_id`,`id`);--> statement-breakpoint
ALTER TABLE `assignment_changes` ADD `person_id` text;--> statement-breakpoint
ALTER TABLE `sets` ADD `device_name` text;--> statement-breakpoint
ALTER TABLE `software_update_policies` ADD `rollout` text;