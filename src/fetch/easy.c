/*
 * The settings of curl that make it a careful client: no proxies, cookies, credentials or redirects
 * of its own, nothing but HTTP, certificates always checked. Client's thread.
 */
#include "easy.h"

#include <stddef.h>

#define CA_CACHE_S (24L * 3600)

struct long_option {
	CURLoption option;
	long value;
};

static const struct long_option fixed[] = {
	{ CURLOPT_NOSIGNAL, 1 },
	{ CURLOPT_FOLLOWLOCATION, 0 },		 /* S-033: redirect.c decides */
	{ CURLOPT_NETRC, CURL_NETRC_IGNORED },	 /* S-042 */
	{ CURLOPT_UNRESTRICTED_AUTH, 0 },	 /* S-042 */
	{ CURLOPT_DISALLOW_USERNAME_IN_URL, 1 }, /* S-042 */
	{ CURLOPT_PATH_AS_IS, 1 },		 /* what was signed is what is asked for */
	{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
	{ CURLOPT_HTTP09_ALLOWED, 0 },
	{ CURLOPT_HTTP_CONTENT_DECODING, 0 }, /* S-044: nothing is unpacked */
	{ CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
	{ CURLOPT_SSL_VERIFYPEER, 1 }, /* S-039 */
	{ CURLOPT_SSL_VERIFYHOST, 2 },
	{ CURLOPT_CA_CACHE_TIMEOUT, CA_CACHE_S },
	{ CURLOPT_TCP_NODELAY, 1 },
	/* without it a request that times out while its name is resolved stops all others until the
	 * resolver gives up */
	{ CURLOPT_QUICK_EXIT, 1 },
};

/*
 * curl keeps the parsed certificates of a CA file, but reads and parses them for every connection
 * when there is a folder as well: 27 ms instead of 0.7. So the folder goes, where a file is there
 * to take its place.
 */
static bool set_authorities(CURL *easy, const struct easy_settings *settings)
{
	const curl_version_info_data *built = curl_version_info(CURLVERSION_NOW);
	if (settings->ca_file != NULL &&
	    curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_file) != CURLE_OK)
		return false;
	if (settings->ca_file == NULL && built->cainfo == NULL)
		return true;
	return curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK;
}

static bool set_all(CURL *easy, const struct easy_settings *settings)
{
	for (size_t i = 0; i < ARRAY_LEN(fixed); i++) {
		if (curl_easy_setopt(easy, fixed[i].option, fixed[i].value) != CURLE_OK)
			return false;
	}
	const char *protocols = settings->allow_http ? "http,https" : "https"; /* S-035 */
	return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, protocols) == CURLE_OK &&
	       /* S-040: the environment says nothing */
	       curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_NOPROXY, "*") == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_USERAGENT, settings->user_agent) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, settings->connect_ms) ==
		       CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, poller_close) == CURLE_OK &&
	       curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, settings->poller) == CURLE_OK &&
	       set_authorities(easy, settings);
}

CURL *easy_new(const struct easy_settings *settings)
{
	CURL *easy = curl_easy_init();
	if (easy != NULL && !set_all(easy, settings)) {
		curl_easy_cleanup(easy);
		easy = NULL;
	}
	return easy;
}
