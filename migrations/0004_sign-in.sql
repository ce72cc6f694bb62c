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
CREATE INDEX `sign_in_sessions_expiry` ON `sign_in_sessions` (`expires_at`);