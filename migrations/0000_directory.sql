CREATE TABLE `audit_entries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`token_id` text NOT NULL,
	`token_name` text NOT NULL,
	`role` text NOT NULL,
	`method` text NOT NULL,
	`route` text NOT NULL,
	`target` text NOT NULL,
	`status` integer NOT NULL,
	`request_id` text NOT NULL,
	`ip` text,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_entries_by_token` ON `audit_entries` (`token_id`,`id`);--> statement-breakpoint
CREATE INDEX `audit_entries_by_target` ON `audit_entries` (`target`,`id`);--> statement-breakpoint
CREATE INDEX `audit_entries_by_time` ON `audit_entries` (`at`);--> statement-breakpoint
CREATE TABLE `authorities` (
	`id` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`certificate` text NOT NULL,
	`chain` text DEFAULT '[]' NOT NULL,
	`subject` text NOT NULL,
	`not_before` integer NOT NULL,
	`not_after` integer NOT NULL,
	`sealed_key` text,
	`issuing` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `authorities_one_issuing` ON `authorities` (`issuing`) WHERE "authorities"."issuing" = 1;--> statement-breakpoint
CREATE TABLE `certificates` (
	`fingerprint` text PRIMARY KEY NOT NULL,
	`authority_id` text NOT NULL,
	`serial` text NOT NULL,
	`subject` text NOT NULL,
	`device_id` text,
	`issued_for` text,
	`challenge_id` text,
	`purpose` text NOT NULL,
	`renewal_of` text,
	`how` text NOT NULL,
	`issue_key` text,
	`transaction_id` text,
	`spki_hash` text NOT NULL,
	`not_before` integer NOT NULL,
	`not_after` integer NOT NULL,
	`issued_at` integer NOT NULL,
	`revoked_at` integer,
	`reason` text,
	`der` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `certificates_serial` ON `certificates` (`authority_id`,`serial`);--> statement-breakpoint
CREATE UNIQUE INDEX `certificates_issue_key` ON `certificates` (`issue_key`);--> statement-breakpoint
CREATE INDEX `certificates_device` ON `certificates` (`device_id`,`issued_at`);--> statement-breakpoint
CREATE INDEX `certificates_issued` ON `certificates` (`issued_at`,`fingerprint`);--> statement-breakpoint
CREATE INDEX `certificates_expiry` ON `certificates` (`not_after`,`fingerprint`);--> statement-breakpoint
CREATE INDEX `certificates_revoked` ON `certificates` (`authority_id`,`revoked_at`) WHERE "certificates"."revoked_at" is not null;--> statement-breakpoint
CREATE INDEX `certificates_transaction` ON `certificates` (`transaction_id`) WHERE "certificates"."transaction_id" is not null;--> statement-breakpoint
CREATE TABLE `challenges` (
	`id` text PRIMARY KEY NOT NULL,
	`purpose` text NOT NULL,
	`issued_for` text NOT NULL,
	`renewal_of` text,
	`enrollment` text,
	`consumed_by` text,
	`consumed_at` integer,
	`uses` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `challenges_expiry` ON `challenges` (`expires_at`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`request_sealed` text NOT NULL,
	`answer_sealed` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_by_creation` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `api_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`prefix` text NOT NULL,
	`hash` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer,
	`revoked_at` integer,
	`last_used_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_by_hash` ON `api_tokens` (`hash`);--> statement-breakpoint
CREATE INDEX `api_tokens_by_creation` ON `api_tokens` (`created_at`,`id`);