CREATE TABLE `apps` (
	`identifier` text NOT NULL,
	`version` text NOT NULL,
	`name` text NOT NULL,
	`devices` integer NOT NULL,
	PRIMARY KEY(`identifier`, `version`)
);
--> statement-breakpoint
CREATE TABLE `device_apps` (
	`device_id` text NOT NULL,
	`identifier` text NOT NULL,
	`version` text NOT NULL,
	PRIMARY KEY(`device_id`, `identifier`)
);
--> statement-breakpoint
CREATE INDEX `device_apps_app` ON `device_apps` (`identifier`,`version`,`device_id`);--> statement-breakpoint
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
CREATE TABLE `batches` (
	`id` text PRIMARY KEY NOT NULL,
	`request_type` text,
	`state` text NOT NULL,
	`destroys` integer NOT NULL,
	`payload_sealed` text,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `batches_created` ON `batches` (`created_at`,`id`);--> statement-breakpoint
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
CREATE TABLE `asset_files` (
	`sha256` text PRIMARY KEY NOT NULL,
	`content_type` text NOT NULL,
	`size` integer NOT NULL,
	`variables` text DEFAULT '[]' NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `asset_parts` (
	`sha256` text NOT NULL,
	`part` integer NOT NULL,
	`sealed` text NOT NULL,
	PRIMARY KEY(`sha256`, `part`)
);
--> statement-breakpoint
CREATE TABLE `declaration_references` (
	`identifier` text NOT NULL,
	`kind` text NOT NULL,
	`refers_to` text NOT NULL,
	PRIMARY KEY(`identifier`, `kind`, `refers_to`)
);
--> statement-breakpoint
CREATE INDEX `declaration_references_to` ON `declaration_references` (`kind`,`refers_to`,`identifier`);--> statement-breakpoint
CREATE TABLE `declaration_versions` (
	`identifier` text NOT NULL,
	`version` integer NOT NULL,
	`type` text NOT NULL,
	`payload` text NOT NULL,
	`server_token` text NOT NULL,
	`data_sha256` text,
	`saved_at` integer NOT NULL,
	`saved_by` text NOT NULL,
	PRIMARY KEY(`identifier`, `version`)
);
--> statement-breakpoint
CREATE INDEX `declaration_versions_data` ON `declaration_versions` (`data_sha256`);--> statement-breakpoint
CREATE TABLE `declarations` (
	`identifier` text PRIMARY KEY NOT NULL,
	`type` text NOT NULL,
	`kind` text NOT NULL,
	`payload` text NOT NULL,
	`server_token` text NOT NULL,
	`touches` integer DEFAULT 0 NOT NULL,
	`version` integer NOT NULL,
	`data_sha256` text,
	`variables` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `declarations_type` ON `declarations` (`type`,`identifier`);--> statement-breakpoint
CREATE INDEX `declarations_kind` ON `declarations` (`kind`,`identifier`);--> statement-breakpoint
CREATE INDEX `declarations_data` ON `declarations` (`data_sha256`);--> statement-breakpoint
CREATE TABLE `channels` (
	`device_id` text NOT NULL,
	`user_id` text NOT NULL,
	`kind` text NOT NULL,
	`enabled` integer NOT NULL,
	`topic` text,
	`user_short_name` text,
	`user_long_name` text,
	`seq` integer NOT NULL,
	PRIMARY KEY(`device_id`, `user_id`)
);
--> statement-breakpoint
CREATE INDEX `channels_user` ON `channels` (`user_short_name`,`device_id`);--> statement-breakpoint
CREATE TABLE `device_attributes` (
	`name` text NOT NULL,
	`value` text NOT NULL,
	`device_id` text NOT NULL,
	PRIMARY KEY(`name`, `value`, `device_id`)
);
--> statement-breakpoint
CREATE INDEX `device_attributes_device` ON `device_attributes` (`device_id`);--> statement-breakpoint
CREATE TABLE `device_tags` (
	`tag` text NOT NULL,
	`device_id` text NOT NULL,
	PRIMARY KEY(`tag`, `device_id`)
);
--> statement-breakpoint
CREATE INDEX `device_tags_device` ON `device_tags` (`device_id`,`tag`);--> statement-breakpoint
CREATE TABLE `device_words` (
	`word` text NOT NULL,
	`device_id` text NOT NULL,
	PRIMARY KEY(`word`, `device_id`)
);
--> statement-breakpoint
CREATE INDEX `device_words_device` ON `device_words` (`device_id`,`word`);--> statement-breakpoint
CREATE TABLE `devices` (
	`id` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL,
	`kind` text NOT NULL,
	`generation` integer DEFAULT 0 NOT NULL,
	`platform` text,
	`name` text,
	`serial` text,
	`model` text,
	`model_name` text,
	`product_name` text,
	`os_version` text,
	`os_key` integer DEFAULT 0 NOT NULL,
	`build` text,
	`imei` text,
	`meid` text,
	`awaiting_configuration` integer DEFAULT false NOT NULL,
	`supervised` integer,
	`encrypted` integer,
	`passcode_present` integer,
	`passcode_compliant` integer,
	`activation_lock` integer,
	`lost_mode` integer,
	`capacity_gb` real,
	`available_gb` real,
	`battery_level` real,
	`inventory_at` integer,
	`notes` text DEFAULT '' NOT NULL,
	`attributes` text DEFAULT '{}' NOT NULL,
	`applied_seq` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`enrolled_at` integer,
	`unenrolled_at` integer,
	`last_seen_at` integer
);
--> statement-breakpoint
CREATE INDEX `devices_state` ON `devices` (`state`,`id`);--> statement-breakpoint
CREATE INDEX `devices_kind` ON `devices` (`kind`,`id`);--> statement-breakpoint
CREATE INDEX `devices_platform_os` ON `devices` (`platform`,`os_key`,`id`);--> statement-breakpoint
CREATE INDEX `devices_os` ON `devices` (`os_key`,`id`);--> statement-breakpoint
CREATE INDEX `devices_serial` ON `devices` (`serial`,`id`);--> statement-breakpoint
CREATE INDEX `devices_last_seen` ON `devices` (`last_seen_at`,`id`);--> statement-breakpoint
CREATE INDEX `devices_supervised` ON `devices` (`supervised`,`id`);--> statement-breakpoint
CREATE INDEX `devices_encrypted` ON `devices` (`encrypted`,`id`);--> statement-breakpoint
CREATE INDEX `devices_passcode_present` ON `devices` (`passcode_present`,`id`);--> statement-breakpoint
CREATE INDEX `devices_passcode_compliant` ON `devices` (`passcode_compliant`,`id`);--> statement-breakpoint
CREATE INDEX `devices_activation_lock` ON `devices` (`activation_lock`,`id`);--> statement-breakpoint
CREATE INDEX `devices_lost_mode` ON `devices` (`lost_mode`,`id`);--> statement-breakpoint
CREATE INDEX `devices_inventory` ON `devices` (`inventory_at`,`id`);--> statement-breakpoint
CREATE TABLE `enrollment_settings` (
	`id` integer PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `escrow_certificates` (
	`fingerprint` text PRIMARY KEY NOT NULL,
	`certificate` text NOT NULL,
	`sealed_key` text NOT NULL,
	`not_after` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `escrow_certificates_created` ON `escrow_certificates` (`created_at`);--> statement-breakpoint
CREATE TABLE `escrow_archive` (
	`device_id` text NOT NULL,
	`stored_at` integer NOT NULL,
	`number` integer NOT NULL,
	`serial` text,
	`name` text NOT NULL,
	`generation` integer NOT NULL,
	`sealed` text NOT NULL,
	`confirmed` integer DEFAULT true NOT NULL,
	`archived_at` integer NOT NULL,
	PRIMARY KEY(`device_id`, `stored_at`, `number`)
);
--> statement-breakpoint
CREATE INDEX `escrow_archive_serial` ON `escrow_archive` (`serial`);--> statement-breakpoint
CREATE TABLE `commands` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`uuid` text NOT NULL,
	`device_id` text NOT NULL,
	`user_id` text NOT NULL,
	`request_type` text NOT NULL,
	`state` text NOT NULL,
	`error` text,
	`origin` text NOT NULL,
	`seq` integer NOT NULL,
	`queued_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `commands_uuid` ON `commands` (`uuid`,`device_id`,`user_id`);--> statement-breakpoint
CREATE INDEX `commands_queued` ON `commands` (`queued_at`);--> statement-breakpoint
CREATE TABLE `events` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`device_id` text NOT NULL,
	`seq` integer NOT NULL,
	`name` text NOT NULL,
	`user_id` text,
	`detail` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_device_seq` ON `events` (`device_id`,`seq`);--> statement-breakpoint
CREATE INDEX `events_at` ON `events` (`at`);--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`request_sealed` text NOT NULL,
	`answer_sealed` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_by_creation` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`code_hash` text NOT NULL,
	`note` text NOT NULL,
	`serial` text,
	`account` text,
	`max_uses` integer NOT NULL,
	`uses` integer DEFAULT 0 NOT NULL,
	`last_used_at` integer,
	`last_challenge_sealed` text,
	`last_challenge_expires_at` integer,
	`created_at` integer NOT NULL,
	`created_by` text NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_code_hash_unique` ON `invitations` (`code_hash`);--> statement-breakpoint
CREATE INDEX `invitations_created` ON `invitations` (`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `profile_versions` (
	`identifier` text NOT NULL,
	`version` integer NOT NULL,
	`uuid` text NOT NULL,
	`digest` text NOT NULL,
	`sealed_content` text NOT NULL,
	`signed_by` text,
	`size` integer NOT NULL,
	`saved_at` integer NOT NULL,
	`saved_by` text NOT NULL,
	PRIMARY KEY(`identifier`, `version`)
);
--> statement-breakpoint
CREATE TABLE `profiles` (
	`identifier` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`name` text,
	`uuid` text NOT NULL,
	`digest` text NOT NULL,
	`sealed_content` text NOT NULL,
	`payload_types` text NOT NULL,
	`variables` text NOT NULL,
	`signed_by` text,
	`encrypted` integer DEFAULT false NOT NULL,
	`size` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `provisioning_profiles` (
	`uuid` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`app_id` text,
	`team_id` text,
	`platforms` text NOT NULL,
	`devices` text,
	`expires_at` integer NOT NULL,
	`content` text NOT NULL,
	`uploaded_at` integer NOT NULL,
	`warned` text DEFAULT 'nothing' NOT NULL
);
--> statement-breakpoint
CREATE INDEX `provisioning_profiles_expires` ON `provisioning_profiles` (`expires_at`);--> statement-breakpoint
CREATE TABLE `push_certificates` (
	`id` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`topic` text NOT NULL,
	`certificate` text NOT NULL,
	`chain` text DEFAULT '[]' NOT NULL,
	`sealed_key` text NOT NULL,
	`serial` text NOT NULL,
	`not_before` integer NOT NULL,
	`not_after` integer NOT NULL,
	`account` text,
	`in_use` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	`trouble` text,
	`trouble_at` integer,
	`warned_days` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `push_certificates_in_use` ON `push_certificates` (`topic`) WHERE "push_certificates"."in_use" = 1;--> statement-breakpoint
CREATE TABLE `push_certificate_requests` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`csr` text NOT NULL,
	`sealed_key` text NOT NULL,
	`exchange_certificate` text,
	`exchange_key_sealed` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `push_vendors` (
	`id` text PRIMARY KEY NOT NULL,
	`subject` text NOT NULL,
	`chain` text NOT NULL,
	`sealed_key` text NOT NULL,
	`not_after` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `restores` (
	`backup` text PRIMARY KEY NOT NULL,
	`pages` integer NOT NULL,
	`started_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE TABLE `assignment_changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`concerns` text NOT NULL,
	`set_name` text,
	`device_id` text,
	`quiet` integer DEFAULT false NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`due_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `assignment_changes_due` ON `assignment_changes` (`due_at`,`id`);--> statement-breakpoint
CREATE TABLE `channel_sets` (
	`device_id` text NOT NULL,
	`user_id` text NOT NULL,
	`set_name` text NOT NULL,
	`source` text NOT NULL,
	PRIMARY KEY(`device_id`, `user_id`, `set_name`, `source`)
);
--> statement-breakpoint
CREATE INDEX `channel_sets_set` ON `channel_sets` (`set_name`,`device_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `set_members` (
	`set_name` text NOT NULL,
	`kind` text NOT NULL,
	`identifier` text NOT NULL,
	PRIMARY KEY(`set_name`, `kind`, `identifier`)
);
--> statement-breakpoint
CREATE INDEX `set_members_of` ON `set_members` (`kind`,`identifier`,`set_name`);--> statement-breakpoint
CREATE TABLE `sets` (
	`name` text PRIMARY KEY NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`filter` text,
	`rule` text,
	`version` integer DEFAULT 1 NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `sets_rule` ON `sets` (`name`) WHERE rule IS NOT NULL;--> statement-breakpoint
CREATE TABLE `settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `signing_certificates` (
	`id` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`certificate` text NOT NULL,
	`chain` text NOT NULL,
	`subject` text NOT NULL,
	`not_before` integer NOT NULL,
	`not_after` integer NOT NULL,
	`sealed_key` text NOT NULL,
	`uploaded_at` integer NOT NULL,
	`warned` text DEFAULT 'nothing' NOT NULL
);
--> statement-breakpoint
CREATE TABLE `os_releases` (
	`platform` text NOT NULL,
	`version` text NOT NULL,
	`version_key` integer NOT NULL,
	`released_at` integer NOT NULL,
	`source` text NOT NULL,
	PRIMARY KEY(`platform`, `version`)
);
--> statement-breakpoint
CREATE INDEX `os_releases_newest` ON `os_releases` (`platform`,`version_key`);--> statement-breakpoint
CREATE TABLE `software_update_policies` (
	`name` text PRIMARY KEY NOT NULL,
	`platforms` text NOT NULL,
	`target` text NOT NULL,
	`details_url` text,
	`sets` text NOT NULL,
	`removed` integer DEFAULT false NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `declaration_states` (
	`device_id` text NOT NULL,
	`user_id` text NOT NULL,
	`identifier` text NOT NULL,
	`state` text NOT NULL,
	`reasons` text NOT NULL,
	`server_token` text NOT NULL,
	`seq` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`device_id`, `user_id`, `identifier`)
);
--> statement-breakpoint
CREATE INDEX `declaration_states_of` ON `declaration_states` (`identifier`,`state`,`device_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `profile_states` (
	`device_id` text NOT NULL,
	`user_id` text NOT NULL,
	`identifier` text NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`version` integer,
	`seq` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`device_id`, `user_id`, `identifier`)
);
--> statement-breakpoint
CREATE INDEX `profile_states_of` ON `profile_states` (`identifier`,`state`,`device_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `status_values` (
	`device_id` text NOT NULL,
	`user_id` text NOT NULL,
	`path` text NOT NULL,
	`value` text NOT NULL,
	`seq` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`device_id`, `user_id`, `path`)
);
--> statement-breakpoint
CREATE INDEX `status_values_path` ON `status_values` (`path`,`value`,`device_id`,`user_id`);--> statement-breakpoint
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