/*
 * The ceiling of what comes in: the same signed requests taken by nothing but the libraries.
 * libmicrohttpd receives, SHA-256 of the body is compared, the RSA signature verified (the keys are
 * in memory), json-c parses, then one record is appended and one random index row added in a durable
 * group commit, then 202. It knows the one shape of request that the benchmark sends, checks no
 * policy, keeps no relations and no counts: whoever does more pays more.
 *
 *   bench-ceiling-inbox --port P --db FOLDER --keys FILE [--fill N]
 *
 * --fill puts N rows into the index before it begins.
 *
 * FILE: key id and public key (DER), each behind its length (32 bits, little-endian).
 */
#include <arpa/inet.h>
#include <json-c/json.h>
#include <lmdb.h>
#include <microhttpd.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "core/map.h"
#include "core/must.h"
#include "core/random.h"

#define BODY_MAX ((size_t)64 << 10)
#define BASE_MAX ((size_t)4 << 10)
#define BATCH_MAX 256
#define FILL_BATCH 20000

struct posting {
	struct MHD_Connection *connection;
	struct posting *next;
	size_t len;
	bool stored;
	unsigned char index[16];
	char body[BODY_MAX];
};

static struct {
	struct map keys;
	MDB_env *env;
	MDB_dbi records, index;
	uint64_t last_id;
	pthread_mutex_t lock;
	pthread_cond_t filled;
	struct posting *first, **last;
	bool stopping;
	struct MHD_Response *accepted, *refused;
} bench = { .lock = PTHREAD_MUTEX_INITIALIZER,
	    .filled = PTHREAD_COND_INITIALIZER,
	    .last = &bench.first };

/* --- keys --- */

static struct str next_piece(FILE *f)
{
	uint32_t len;
	if (fread(&len, 4, 1, f) != 1)
		return STR_NONE;
	char *bytes = malloc(len);
	if (fread(bytes, 1, len, f) != len)
		die("the file of keys is cut short");
	return str_n(bytes, len);
}

static void read_keys(const char *path)
{
	FILE *f = fopen(path, "rb");
	if (f == NULL)
		die("%s: %m", path);
	for (struct str id; (id = next_piece(f)).ptr != NULL;) {
		struct str der = next_piece(f);
		const unsigned char *at = (const unsigned char *)der.ptr;
		EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)der.len);
		if (key == NULL || !map_put(&bench.keys, id, key))
			die("a key cannot be read");
	}
	fclose(f);
}

/* --- verification --- */

static struct str header(struct MHD_Connection *c, const char *name)
{
	return str_of(MHD_lookup_connection_value(c, MHD_HEADER_KIND, name));
}

/* The value of name="..." in a Signature header. */
static struct str parameter(struct str value, struct str name)
{
	struct str rest = str_skip(value, str_find(value, name) + name.len), part;
	return str_next(&rest, '"', &part) ? part : STR_NONE;
}

static bool digest_agrees(const struct posting *p)
{
	unsigned char digest[32], text[64];
	struct str stated = header(p->connection, "Digest");
	EVP_Digest(p->body, p->len, digest, NULL, EVP_sha256(), NULL);
	int len = EVP_EncodeBlock(text, digest, sizeof(digest));
	return str_eq(str_skip(stated, 8), str_n(text, (size_t)len));
}

static bool signature_agrees(const struct posting *p, const char *target)
{
	struct MHD_Connection *c = p->connection;
	char base[BASE_MAX];
	unsigned char signature[1024];
	struct str value = header(c, "Signature"), host = header(c, "Host");
	struct str date = header(c, "Date"), digest = header(c, "Digest");
	struct str encoded = parameter(value, STR(",signature=\""));
	EVP_PKEY *key = map_get(&bench.keys, parameter(value, STR("keyId=\"")));
	int len = snprintf(base, sizeof(base),
			   "(request-target): post %s\nhost: %.*s\ndate: %.*s\ndigest: %.*s",
			   target, STR_ARG(host), STR_ARG(date), STR_ARG(digest));
	if (key == NULL || encoded.len > sizeof(signature))
		return false;
	if (EVP_DecodeBlock(signature, (const unsigned char *)encoded.ptr, (int)encoded.len) < 256)
		return false;
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	bool right =
		EVP_DigestVerifyInit(md, NULL, EVP_sha256(), NULL, key) == 1 &&
		EVP_DigestVerify(md, signature, 256, (const unsigned char *)base, (size_t)len) == 1;
	EVP_MD_CTX_free(md);
	return right;
}

static bool json_agrees(struct posting *p)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *root = json_tokener_parse_ex(tokener, p->body, (int)p->len), *id = NULL;
	bool right = root != NULL && json_object_object_get_ex(root, "id", &id);
	if (right) {
		unsigned char digest[32];
		EVP_Digest(json_object_get_string(id), (size_t)json_object_get_string_len(id),
			   digest, NULL, EVP_sha256(), NULL);
		memcpy(p->index, digest, sizeof(p->index));
	}
	json_object_put(root);
	json_tokener_free(tokener);
	return right;
}

/* --- the durable write --- */

static void check(int error)
{
	if (error != 0)
		die("storage: %s", mdb_strerror(error));
}

static void write_one(MDB_txn *txn, struct posting *p)
{
	uint64_t id = __builtin_bswap64(++bench.last_id);
	MDB_val key = { sizeof(id), &id }, value = { p->len, p->body };
	check(mdb_put(txn, bench.records, &key, &value, MDB_APPEND));
	key = (MDB_val){ sizeof(p->index), p->index };
	value = (MDB_val){ sizeof(id), &id };
	check(mdb_put(txn, bench.index, &key, &value, 0));
	p->stored = true;
}

static struct posting *take_batch(void)
{
	pthread_mutex_lock(&bench.lock);
	while (bench.first == NULL && !bench.stopping)
		pthread_cond_wait(&bench.filled, &bench.lock);
	struct posting *first = bench.first, **cut = &bench.first;
	for (size_t n = 0; n < BATCH_MAX && *cut != NULL; n++)
		cut = &(*cut)->next;
	bench.first = *cut;
	if (*cut == NULL)
		bench.last = &bench.first;
	if (first != NULL && cut != &bench.first)
		*cut = NULL;
	pthread_mutex_unlock(&bench.lock);
	return first;
}

static void *writer_main(void *arg)
{
	(void)arg;
	for (struct posting *first; (first = take_batch()) != NULL;) {
		MDB_txn *txn;
		check(mdb_txn_begin(bench.env, NULL, 0, &txn));
		for (struct posting *p = first; p != NULL; p = p->next)
			write_one(txn, p);
		check(mdb_txn_commit(txn));
		for (struct posting *p = first, *next; p != NULL; p = next) {
			next = p->next;
			MHD_resume_connection(p->connection);
		}
	}
	return NULL;
}

static void submit(struct posting *p)
{
	MHD_suspend_connection(p->connection);
	p->next = NULL;
	pthread_mutex_lock(&bench.lock);
	*bench.last = p;
	bench.last = &p->next;
	pthread_cond_signal(&bench.filled);
	pthread_mutex_unlock(&bench.lock);
}

static void open_env(const char *path)
{
	MDB_txn *txn;
	check(mdb_env_create(&bench.env));
	check(mdb_env_set_maxdbs(bench.env, 4));
	check(mdb_env_set_mapsize(bench.env, (size_t)8 << 30));
	check(mdb_env_open(bench.env, path, 0, 0600));
	check(mdb_txn_begin(bench.env, NULL, 0, &txn));
	check(mdb_dbi_open(txn, "records", MDB_CREATE, &bench.records));
	check(mdb_dbi_open(txn, "index", MDB_CREATE, &bench.index));
	check(mdb_txn_commit(txn));
}

static void fill(uint64_t rows)
{
	MDB_txn *txn;
	unsigned char random[16];
	for (uint64_t i = 0; i < rows;) {
		check(mdb_txn_begin(bench.env, NULL, 0, &txn));
		for (uint64_t end = i + FILL_BATCH; i < rows && i < end; i++) {
			random_bytes(random, sizeof(random));
			MDB_val key = { sizeof(random), random }, value = { sizeof(i), &i };
			check(mdb_put(txn, bench.index, &key, &value, 0));
		}
		check(mdb_txn_commit(txn));
	}
}

/* --- HTTP --- */

static enum MHD_Result answer(void *cls, struct MHD_Connection *c, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **state)
{
	struct posting *p = *state;
	(void)cls, (void)method, (void)version;
	if (p == NULL) {
		p = malloc(sizeof(*p));
		must(p != NULL);
		p->connection = c;
		p->len = 0;
		p->stored = false;
		*state = p;
		return MHD_YES;
	}
	if (*upload_size != 0) {
		if (*upload_size > BODY_MAX - p->len)
			return MHD_NO;
		memcpy(p->body + p->len, upload, *upload_size);
		p->len += *upload_size;
		*upload_size = 0;
		return MHD_YES;
	}
	if (p->stored)
		return MHD_queue_response(c, 202, bench.accepted);
	if (!digest_agrees(p) || !signature_agrees(p, url) || !json_agrees(p))
		return MHD_queue_response(c, 401, bench.refused);
	submit(p);
	return MHD_YES;
}

static void completed(void *cls, struct MHD_Connection *c, void **state,
		      enum MHD_RequestTerminationCode code)
{
	(void)cls, (void)c, (void)code;
	free(*state);
	*state = NULL;
}

static struct MHD_Daemon *listen_at(uint16_t port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	static char body[] = "{}";
	bench.accepted = MHD_create_response_from_buffer(2, body, MHD_RESPMEM_PERSISTENT);
	bench.refused = MHD_create_response_from_buffer(2, body, MHD_RESPMEM_PERSISTENT);
	MHD_add_response_header(bench.accepted, "Content-Type", "application/json");
	return MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME, 0, NULL,
				NULL, answer, NULL, MHD_OPTION_SOCK_ADDR, &address,
				MHD_OPTION_THREAD_POOL_SIZE, 2U, MHD_OPTION_CONNECTION_LIMIT, 1000U,
				MHD_OPTION_NOTIFY_COMPLETED, completed, NULL, MHD_OPTION_END);
}

int main(int argc, char **argv)
{
	pthread_t writer;
	sigset_t set;
	int caught;
	(void)argc;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	read_keys(arg_needed(argv, "--keys"));
	open_env(arg_needed(argv, "--db"));
	fill(arg_number(argv, "--fill", 0));
	if (pthread_create(&writer, NULL, writer_main, NULL) != 0)
		die("no thread");
	struct MHD_Daemon *d = listen_at((uint16_t)arg_number(argv, "--port", 0));
	if (d == NULL)
		die("cannot listen");
	puts("ready");
	fflush(stdout);
	sigwait(&set, &caught);
	pthread_mutex_lock(&bench.lock);
	bench.stopping = true;
	pthread_cond_signal(&bench.filled);
	pthread_mutex_unlock(&bench.lock);
	pthread_join(writer, NULL);
	MHD_stop_daemon(d);
	mdb_env_close(bench.env);
	return 0;
}
