import type { Quality } from "@imgpilot/contract/model";
import { m } from "#strings";

const WORDS = { low: m.quality_low, medium: m.quality_medium, high: m.quality_high };

export const qualityName = (quality: Quality): string => WORDS[quality]();
