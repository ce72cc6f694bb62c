ALTER TABLE `audit_entries` ADD `reason` text;--> statement-breakpoint
ALTER TABLE `content_assets` ADD `differs_since` integer;--> statement-breakpoint
CREATE INDEX `content_assets_differs` ON `content_assets` (`differs_since`) WHERE differs_since IS NOT NULL;