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
ALTER TABLE `api_tokens` ADD `kind` text DEFAULT 'token' NOT NULL;--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `origin` text;--> statement-breakpoint
CREATE INDEX `api_tokens_by_kind` ON `api_tokens` (`kind`,`expires_at`);