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
CREATE INDEX `account_tokens_grant` ON `account_tokens` (`grant_id`);