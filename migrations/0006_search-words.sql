CREATE TABLE `__new_device_words` (
	`word` text NOT NULL,
	`device_id` text NOT NULL,
	`words` text NOT NULL
);
--> statement-breakpoint
INSERT INTO `__new_device_words`("word", "device_id", "words")
SELECT `device_words`.`word`, `device_words`.`device_id`, `whole`.`words` FROM `device_words`
JOIN (
	SELECT `device_id`, ' ' || group_concat(`word`, ' ') || ' ' AS `words`
	FROM (SELECT `device_id`, `word` FROM `device_words` ORDER BY `device_id`, `word`) GROUP BY `device_id`
) AS `whole` ON `whole`.`device_id` = `device_words`.`device_id`;--> statement-breakpoint
DROP TABLE `device_words`;--> statement-breakpoint
ALTER TABLE `__new_device_words` RENAME TO `device_words`;--> statement-breakpoint
CREATE UNIQUE INDEX `device_words_walk` ON `device_words` (`word`,`device_id`,`words`);--> statement-breakpoint
CREATE INDEX `device_words_device` ON `device_words` (`device_id`);