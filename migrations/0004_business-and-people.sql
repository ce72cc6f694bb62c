CREATE TABLE `mail_states` (
	`id` integer PRIMARY KEY NOT NULL,
	`urgent_until` integer DEFAULT 0 NOT NULL,
	`digest_on` text DEFAULT '' NOT NULL,
	`failures` integer DEFAULT 0 NOT NULL,
	`tried_at` integer DEFAULT 0 NOT NULL,
	`trouble` text
);
--> statement-breakpoint
CREATE TABLE `portal_accounts` (
	`name` text PRIMARY KEY NOT NULL,
	`portal` text NOT NULL,
	`base_url` text,
	`client_id` text NOT NULL,
	`key_id` text NOT NULL,
	`sealed_key` text NOT NULL,
	`key_at` integer NOT NULL,
	`sealed_token` text,
	`token_until` integer,
	`state` text NOT NULL,
	`state_since` integer NOT NULL,
	`trouble` text,
	`reads_coverage` integer NOT NULL,
	`next_page` text,
	`run_started_at` integer,
	`synced_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `portal_activities` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`what` text NOT NULL,
	`server_id` text,
	`server_name` text,
	`deadline` integer,
	`devices` integer NOT NULL,
	`state` text NOT NULL,
	`apple_id` text,
	`sub_status` text,
	`trouble` text,
	`tries` integer DEFAULT 0 NOT NULL,
	`next_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`sent_at` integer,
	`finished_at` integer
);
--> statement-breakpoint
CREATE INDEX `portal_activities_account` ON `portal_activities` (`account`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `portal_activities_due` ON `portal_activities` (`account`,`next_at`);--> statement-breakpoint
CREATE TABLE `portal_activity_devices` (
	`activity` text NOT NULL,
	`serial` text NOT NULL,
	`outcome` text,
	`detail` text,
	PRIMARY KEY(`activity`, `serial`)
);
--> statement-breakpoint
CREATE TABLE `portal_devices` (
	`serial` text NOT NULL,
	`account` text NOT NULL,
	`order_number` text,
	`purchase_source` text,
	`migration_status` text,
	`migration_deadline` integer,
	`details` text NOT NULL,
	`seen_at` integer NOT NULL,
	`coverage` text,
	`covered_until` integer,
	`coverage_due_at` integer,
	PRIMARY KEY(`serial`, `account`)
);
--> statement-breakpoint
CREATE INDEX `portal_devices_account` ON `portal_devices` (`account`,`serial`);--> statement-breakpoint
CREATE INDEX `portal_devices_order` ON `portal_devices` (`order_number`,`serial`);--> statement-breakpoint
CREATE INDEX `portal_devices_coverage_due` ON `portal_devices` (`account`,`coverage_due_at`);--> statement-breakpoint
CREATE TABLE `newest_releases` (
	`id` integer PRIMARY KEY NOT NULL,
	`version` text NOT NULL,
	`seen_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `spent_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `spent_tokens_by_end` ON `spent_tokens` (`expires_at`);--> statement-breakpoint
CREATE TABLE `token_exchange_rules` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`issuer` text NOT NULL,
	`subject` text NOT NULL,
	`claims` text NOT NULL,
	`role` text NOT NULL,
	`rights` text NOT NULL,
	`lifetime_minutes` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`last_used_at` integer
);
--> statement-breakpoint
CREATE INDEX `token_exchange_rules_by_issuer` ON `token_exchange_rules` (`issuer`);--> statement-breakpoint
ALTER TABLE `certificates` ADD `use` text;--> statement-breakpoint
ALTER TABLE `certificates` ADD `renew_at` integer;--> statement-breakpoint
CREATE INDEX `certificates_renew_at` ON `certificates` (`renew_at`,`fingerprint`) WHERE "certificates"."renew_at" is not null;--> statement-breakpoint
CREATE INDEX `certificates_use` ON `certificates` ("use" ->> '$.name',`issued_at`,`fingerprint`) WHERE "certificates"."use" is not null;--> statement-breakpoint
ALTER TABLE `devices` ADD `recovery_lock` integer;--> statement-breakpoint
ALTER TABLE `devices` ADD `has_recovery_lock` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `devices` ADD `attestation_failed_at` integer;--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `kind` text DEFAULT 'token' NOT NULL;--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `origin` text;--> statement-breakpoint
CREATE INDEX `api_tokens_by_kind` ON `api_tokens` (`kind`,`expires_at`);--> statement-breakpoint
CREATE INDEX `account_grants_person` ON `account_grants` ("person" ->> '$.issuer',"person" ->> '$.subject');--> statement-breakpoint
CREATE INDEX `sign_in_sessions_person` ON `sign_in_sessions` ("person" ->> '$.issuer',"person" ->> '$.subject');