CREATE TABLE `master_keys` (
	`key_id` text PRIMARY KEY NOT NULL,
	`marker` text NOT NULL,
	`since` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `serial_claims` (
	`serial` text PRIMARY KEY NOT NULL,
	`device_id` text NOT NULL,
	`claimed_at` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `certificates` ADD `standing` text;--> statement-breakpoint
ALTER TABLE `certificates` ADD `standing_seq` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `certificates_renewal_of` ON `certificates` ("renewal_of" ->> '$.fingerprint') WHERE "certificates"."renewal_of" is not null;--> statement-breakpoint
ALTER TABLE `devices` ADD `proven` text DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE `devices` ADD `held_back` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `invitations` ADD `replaces` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `challenges_open` ON `challenges` (`expires_at`) WHERE issued_for = '{}' and consumed_by is null;