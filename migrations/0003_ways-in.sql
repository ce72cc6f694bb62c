CREATE TABLE `account_grants` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`person` text NOT NULL,
	`created_at` integer NOT NULL,
	`ends_at` integer NOT NULL,
	`device_id` text,
	`claimed_at` integer,
	`revoked_at` integer,
	`sealed_challenge` text,
	`challenge_expires_at` integer
);
--> statement-breakpoint
CREATE INDEX `account_grants_account` ON `account_grants` (`account`,`device_id`);--> statement-breakpoint
CREATE INDEX `account_grants_device` ON `account_grants` (`device_id`);--> statement-breakpoint
CREATE INDEX `account_grants_end` ON `account_grants` (`ends_at`);--> statement-breakpoint
CREATE TABLE `account_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`grant_id` text NOT NULL,
	`kind` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`used_at` integer
);
--> statement-breakpoint
CREATE INDEX `account_tokens_grant` ON `account_tokens` (`grant_id`);--> statement-breakpoint
CREATE TABLE `ade_accounts` (
	`name` text PRIMARY KEY NOT NULL,
	`base_url` text,
	`user_agent` text,
	`protocol_version` integer,
	`server_uuid` text,
	`details` text,
	`sealed_token` text,
	`certificate` text,
	`sealed_key` text,
	`next_certificate` text,
	`sealed_next_key` text,
	`token_expires_at` integer,
	`token_at` integer,
	`state` text NOT NULL,
	`state_since` integer NOT NULL,
	`trouble` text,
	`default_profile` text,
	`rules` text DEFAULT '[]' NOT NULL,
	`rules_version` integer DEFAULT 0 NOT NULL,
	`sync_mode` text,
	`cursor` text,
	`fetch_started_at` integer,
	`synced_at` integer,
	`fetched_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ade_accounts_server` ON `ade_accounts` (`server_uuid`);--> statement-breakpoint
CREATE TABLE `ade_devices` (
	`serial` text NOT NULL,
	`account` text NOT NULL,
	`model` text,
	`family` text,
	`os` text,
	`profile_status` text,
	`profile_uuid` text,
	`details` text NOT NULL,
	`op_date` integer,
	`migration_deadline` integer,
	`first_seen_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`deleted_at` integer,
	`chosen_profile` text,
	`profile` text,
	`assigned_at` integer,
	`assigned_uuid` text,
	`assign_outcome` text,
	`assign_tries` integer DEFAULT 0 NOT NULL,
	`check_at` integer,
	PRIMARY KEY(`serial`, `account`)
);
--> statement-breakpoint
CREATE INDEX `ade_devices_account` ON `ade_devices` (`account`,`serial`);--> statement-breakpoint
CREATE INDEX `ade_devices_profile` ON `ade_devices` (`profile`,`serial`,`account`);--> statement-breakpoint
CREATE INDEX `ade_devices_check` ON `ade_devices` (`account`,`check_at`) WHERE "ade_devices"."check_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `ade_devices_deadline` ON `ade_devices` (`migration_deadline`,`serial`) WHERE "ade_devices"."migration_deadline" IS NOT NULL;--> statement-breakpoint
CREATE TABLE `ade_profile_definitions` (
	`account` text NOT NULL,
	`profile_uuid` text NOT NULL,
	`name` text NOT NULL,
	`version` integer NOT NULL,
	`defined_at` integer NOT NULL,
	PRIMARY KEY(`account`, `profile_uuid`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `ade_profile_definitions_version` ON `ade_profile_definitions` (`account`,`name`,`version`);--> statement-breakpoint
CREATE TABLE `ade_profile_versions` (
	`name` text NOT NULL,
	`version` integer NOT NULL,
	`value` text NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	PRIMARY KEY(`name`, `version`)
);
--> statement-breakpoint
CREATE TABLE `ade_profiles` (
	`name` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `selftests` (
	`id` integer PRIMARY KEY NOT NULL,
	`address` text NOT NULL,
	`tested_at` integer NOT NULL,
	`findings` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sign_in_provider` (
	`id` text PRIMARY KEY NOT NULL,
	`provider` text NOT NULL,
	`sealed_secret` text,
	`issuer` text NOT NULL,
	`client_id` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `sign_in_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`person` text NOT NULL,
	`sealed_hint` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sign_in_sessions_expiry` ON `sign_in_sessions` (`expires_at`);--> statement-breakpoint
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
--> statement-breakpoint
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