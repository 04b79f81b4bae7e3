/* The settings of the client API. */
#include "api_int.h"
#include "social/year.h"

#define ROW(row_name, member, value, text)                                                     \
	{                                                                                      \
		.name = row_name, .offset = offsetof(struct api_settings, member),             \
		.type = CONF_U64, .fallback = value, .min = 1, .max = 1000000000, .help = text \
	}

const struct conf_row api_conf_rows[] = {
	ROW("rate", rate, "300",
	    "Requests in five minutes, of one sign-in, or of one address without one."),
	ROW("rate_media", rate_media, "30", "Uploads in half an hour."),
	ROW("rate_delete", rate_delete, "30",
	    "Posts deleted, and boosts taken back, in half an hour."),
	ROW("rate_sign_up", rate_sign_up, "30",
	    "New accounts and applications in half an hour, of one address."),
	ROW("rate_token", rate_token, "30", "Tokens asked for in five minutes, of one address."),
	ROW("rate_translation", rate_translation, "120",
	    "Posts translated in half an hour, of one sign-in."),
	{ .name = "annual_reports",
	  .offset = offsetof(struct api_settings, annual_reports),
	  .type = CONF_ENUM,
	  .choices = YEAR_OFFERS,
	  .fallback = "december",
	  .help = "When people may have a review of a year made: never, of this year from the 10th "
		  "of December to its end, or of any at any time." },
};
const size_t api_conf_row_count = ARRAY_LEN(api_conf_rows);

void rates_read(const struct api_settings *settings, struct limit rates[RATE_CLASSES])
{
	const uint64_t half_hour = 30 * MS_PER_MINUTE, five_minutes = 5 * MS_PER_MINUTE;
	rates[RATE_COMMON] = (struct limit){ settings->rate, five_minutes };
	rates[RATE_MEDIA] = (struct limit){ settings->rate_media, half_hour };
	rates[RATE_DELETE] = (struct limit){ settings->rate_delete, half_hour };
	rates[RATE_SIGN_UP] = (struct limit){ settings->rate_sign_up, half_hour };
	rates[RATE_TOKEN] = (struct limit){ settings->rate_token, five_minutes };
	rates[RATE_TRANSLATION] = (struct limit){ settings->rate_translation, half_hour };
}
