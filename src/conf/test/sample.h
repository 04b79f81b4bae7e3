/* Two tables with a row of every type, as modules would have them; for the tests of loading and
 * printing. */
#ifndef FF_CONF_TEST_SAMPLE_H
#define FF_CONF_TEST_SAMPLE_H

#include "conf/conf.h"

struct node {
	struct str title;
	struct str domain;
	struct str data;
	unsigned sign_up;
};

struct http {
	struct str listen;
	uint64_t threads;
	uint64_t body_max;
	uint64_t timeout;
	bool trust_proxy;
	uint64_t requests; /* no setting: counted while running */
};

static const struct conf_row node_rows[] = {
	{ .name = "title",
	  .type = CONF_STR,
	  .offset = offsetof(struct node, title),
	  .fallback = "A # \"node\"",
	  .min = 1,
	  .max = 60,
	  .reload = CONF_RELOAD,
	  .help = "What people see at the top." },
	{ .name = "domain",
	  .type = CONF_DOMAIN,
	  .offset = offsetof(struct node, domain),
	  .fallback = "node.example",
	  .help = "The name behind the @ of every handle; it can never change." },
	{ .name = "data",
	  .type = CONF_PATH,
	  .offset = offsetof(struct node, data),
	  .fallback = "data files",
	  .help = "The folder of the store." },
	{ .name = "sign-up",
	  .type = CONF_ENUM,
	  .offset = offsetof(struct node, sign_up),
	  .fallback = "approval",
	  .choices = "open approval closed",
	  .reload = CONF_RELOAD,
	  .help = "Who may make an account | a bar." },
};

static const struct conf_row http_rows[] = {
	{ .name = "listen",
	  .type = CONF_LISTEN,
	  .offset = offsetof(struct http, listen),
	  .fallback = "127.0.0.1:8080",
	  .help = "Where requests arrive." },
	{ .name = "threads",
	  .type = CONF_U64,
	  .offset = offsetof(struct http, threads),
	  .fallback = "2",
	  .min = 1,
	  .max = 64,
	  .help = "How many threads answer." },
	{ .name = "body-max",
	  .type = CONF_BYTES,
	  .offset = offsetof(struct http, body_max),
	  .fallback = "1 MiB",
	  .min = 1024,
	  .reload = CONF_RELOAD,
	  .help = "The largest body that is read." },
	{ .name = "timeout",
	  .type = CONF_DURATION,
	  .offset = offsetof(struct http, timeout),
	  .fallback = "30 s",
	  .min = 1000,
	  .max = 600000,
	  .help = "How long a request may take." },
	{ .name = "trust-proxy",
	  .type = CONF_BOOL,
	  .offset = offsetof(struct http, trust_proxy),
	  .fallback = "no",
	  .help = "Whether the address that the proxy names is believed." },
};

#define SAMPLE_TABLES 2

struct sample {
	struct node node;
	struct http http;
	struct conf_table tables[SAMPLE_TABLES];
};

static inline void sample_init(struct sample *sample)
{
	*sample = (struct sample){
		.tables = {
			{ "node", "What the node is.", node_rows, ARRAY_LEN(node_rows), &sample->node, sizeof(sample->node) },
			{ "http", "How it is reached.", http_rows, ARRAY_LEN(http_rows), &sample->http, sizeof(sample->http) },
		},
	};
}

#endif
