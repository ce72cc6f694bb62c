CREATE TABLE `backups_made` (
	`backup` text PRIMARY KEY NOT NULL,
	`finished_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `problems` (
	`key` text PRIMARY KEY NOT NULL,
	`code` text NOT NULL,
	`subject` text NOT NULL,
	`urgency` text NOT NULL,
	`facts` text NOT NULL,
	`devices` integer,
	`ends_at` integer,
	`stage` integer NOT NULL,
	`opened_at` integer NOT NULL,
	`told_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`style` text NOT NULL,
	`topics` text NOT NULL,
	`host` text NOT NULL,
	`sealed` text NOT NULL,
	`include_secrets` integer DEFAULT false NOT NULL,
	`state` text NOT NULL,
	`paused_reason` text,
	`awake_until` integer DEFAULT 0 NOT NULL,
	`cursor` integer NOT NULL,
	`failing_since` integer,
	`last_fault` text,
	`dead_letters` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `certificates` ADD `attestation` text;--> statement-breakpoint
CREATE INDEX `certificates_attested_key` ON `certificates` (`spki_hash`) WHERE "certificates"."attestation" is not null;--> statement-breakpoint
ALTER TABLE `devices` ADD `has_bootstrap_token` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `devices` ADD `has_filevault_key` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `devices` ADD `attestation` text;--> statement-breakpoint
ALTER TABLE `devices` ADD `attested_at` integer;--> statement-breakpoint
ALTER TABLE `devices` ADD `erased_at` integer;--> statement-breakpoint
CREATE INDEX `devices_attested` ON `devices` (`attested_at`,`id`);--> statement-breakpoint
ALTER TABLE `set_members` ADD `policy` text;--> statement-breakpoint
ALTER TABLE `sets` ADD `activate` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `sets` ADD `predicate` text;--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `rights` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `previous_hash` text;--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `previous_until` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_by_previous_hash` ON `api_tokens` (`previous_hash`);