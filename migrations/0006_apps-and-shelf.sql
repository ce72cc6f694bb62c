CREATE TABLE `app_states` (
	`device_id` text NOT NULL,
	`name` text NOT NULL,
	`state` text NOT NULL,
	`reason` text,
	`since` integer NOT NULL,
	`version` integer NOT NULL,
	`managed_by` text,
	`identifier` text,
	`installed_version` text,
	`seq` integer NOT NULL,
	PRIMARY KEY(`device_id`, `name`)
);
--> statement-breakpoint
CREATE INDEX `app_states_of` ON `app_states` (`name`,`state`,`device_id`);--> statement-breakpoint
CREATE TABLE `library_apps` (
	`name` text PRIMARY KEY NOT NULL,
	`version` integer NOT NULL,
	`source` text NOT NULL,
	`adam_id` text,
	`location` text,
	`sealed_configuration` text,
	`configuration_digest` text,
	`configuration_size` integer,
	`variables` text NOT NULL,
	`remove_when_unassigned` integer NOT NULL,
	`updates` text NOT NULL,
	`pinned_version` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `library_apps_asset` ON `library_apps` (`location`,`adam_id`);--> statement-breakpoint
CREATE TABLE `package_files` (
	`id` text PRIMARY KEY NOT NULL,
	`package_name` text NOT NULL,
	`kind` text NOT NULL,
	`size` integer NOT NULL,
	`content_hash` text NOT NULL,
	`hashes` text NOT NULL,
	`sha256` text,
	`identifier` text NOT NULL,
	`version` text NOT NULL,
	`title` text NOT NULL,
	`facts` text NOT NULL,
	`uploaded_at` integer NOT NULL,
	`uploaded_by` text NOT NULL,
	`remove_at` integer
);
--> statement-breakpoint
CREATE INDEX `package_files_remove` ON `package_files` (`remove_at`);--> statement-breakpoint
CREATE INDEX `package_files_package` ON `package_files` (`package_name`);--> statement-breakpoint
CREATE TABLE `package_parts` (
	`upload_id` text NOT NULL,
	`part` integer NOT NULL,
	`etag` text NOT NULL,
	`md5` text NOT NULL,
	`sha256` text NOT NULL,
	PRIMARY KEY(`upload_id`, `part`)
);
--> statement-breakpoint
CREATE TABLE `package_uploads` (
	`id` text PRIMARY KEY NOT NULL,
	`package_name` text NOT NULL,
	`kind` text NOT NULL,
	`size` integer NOT NULL,
	`sha256` text,
	`chunk_bytes` integer NOT NULL,
	`bucket_upload_id` text,
	`started_at` integer NOT NULL,
	`started_by` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `package_uploads_expires` ON `package_uploads` (`expires_at`);--> statement-breakpoint
CREATE INDEX `package_uploads_package` ON `package_uploads` (`package_name`,`started_at`);--> statement-breakpoint
CREATE TABLE `packages` (
	`name` text PRIMARY KEY NOT NULL,
	`file_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL
);
--> statement-breakpoint
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
ALTER TABLE `devices` ADD `shelf_renewals` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `set_members` ADD `optional` integer DEFAULT false NOT NULL;