ALTER TABLE `devices` ADD `erased_at` integer;--> statement-breakpoint
ALTER TABLE `set_members` ADD `policy` text;--> statement-breakpoint
ALTER TABLE `sets` ADD `activate` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `sets` ADD `predicate` text;--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `rights` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `previous_hash` text;--> statement-breakpoint
ALTER TABLE `api_tokens` ADD `previous_until` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_by_previous_hash` ON `api_tokens` (`previous_hash`);