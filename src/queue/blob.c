/* The bodies in memory. Those nobody holds stay, up to a few MiB, the one given back last longest.
 */
#include "blob_int.h"

#include <pthread.h>
#include <stdlib.h>

#include "core/map.h"
#include "core/must.h"
#include "row_int.h"

#define IDLE_BYTES_MAX ((size_t)8 << 20)

struct queue_blob {
	struct blobs *home;
	uint64_t id;
	size_t refs;
	struct queue_blob *older, *newer; /* among the idle */
	size_t len;
	char bytes[];
};

struct blobs {
	pthread_mutex_t lock;
	struct db *db;
	struct map by_id;
	struct queue_blob *oldest, *newest; /* nobody holds them */
	size_t idle_bytes;
	size_t held;
	unsigned reading;
	pthread_cond_t read;
	bool closed;   /* blobs_close() was called */
	bool orphaned; /* blobs_free() was called */
};

struct blobs *blobs_new(struct db *db)
{
	struct blobs *b = calloc(1, sizeof(*b));
	if (b == NULL)
		return NULL;
	must(pthread_mutex_init(&b->lock, NULL) == 0);
	must(pthread_cond_init(&b->read, NULL) == 0);
	b->db = db;
	return b;
}

static void idle_remove(struct blobs *b, struct queue_blob *blob)
{
	*(blob->older != NULL ? &blob->older->newer : &b->oldest) = blob->newer;
	*(blob->newer != NULL ? &blob->newer->older : &b->newest) = blob->older;
	blob->older = blob->newer = NULL;
	b->idle_bytes -= sizeof(*blob) + blob->len;
}

static void idle_add(struct blobs *b, struct queue_blob *blob)
{
	blob->older = b->newest;
	*(b->newest != NULL ? &b->newest->newer : &b->oldest) = blob;
	b->newest = blob;
	b->idle_bytes += sizeof(*blob) + blob->len;
}

static void idle_trim(struct blobs *b, size_t max)
{
	while (b->oldest != NULL && b->idle_bytes > max) {
		struct queue_blob *blob = b->oldest;
		struct reckey key = reckey_u64(blob->id);
		idle_remove(b, blob);
		map_del(&b->by_id, reckey_str(&key));
		free(blob);
	}
}

static void destroy(struct blobs *b)
{
	map_free(&b->by_id);
	pthread_mutex_destroy(&b->lock);
	pthread_cond_destroy(&b->read);
	free(b);
}

void blobs_close(struct blobs *b)
{
	pthread_mutex_lock(&b->lock);
	b->closed = true;
	while (b->reading != 0)
		pthread_cond_wait(&b->read, &b->lock);
	pthread_mutex_unlock(&b->lock);
}

void blobs_free(struct blobs **blobs)
{
	struct blobs *b = *blobs;
	if (b == NULL)
		return;
	*blobs = NULL;
	pthread_mutex_lock(&b->lock);
	b->orphaned = true;
	while (b->oldest != NULL) {
		struct queue_blob *blob = b->oldest;
		idle_remove(b, blob);
		free(blob);
	}
	bool last = b->held == 0;
	pthread_mutex_unlock(&b->lock);
	if (last)
		destroy(b);
}

static struct queue_blob *blob_new(struct blobs *b, uint64_t id, struct str bytes)
{
	struct queue_blob *blob = calloc(1, sizeof(*blob) + bytes.len);
	if (blob == NULL)
		return NULL;
	blob->home = b;
	blob->id = id;
	blob->len = bytes.len;
	if (bytes.len != 0)
		memcpy(blob->bytes, bytes.ptr, bytes.len);
	return blob;
}

static struct queue_blob *blob_read(struct blobs *b, uint64_t id)
{
	struct db_txn *txn;
	struct reckey key = reckey_u64(id);
	struct queue_blob *blob = NULL;
	struct str value;
	if (db_read_begin(b->db, &txn) != RC_OK)
		return NULL;
	if (db_get(txn, &queue_table_body, reckey_str(&key), &value)) {
		struct rec r = rec_open(value);
		if (rec_u8(&r) == BODY_VERSION && rec_sound(&r))
			blob = blob_new(b, id, r.rest);
	}
	db_read_end(&txn);
	return blob;
}

/* The one in memory, held once more. The lock is held. */
static struct queue_blob *hold(struct blobs *b, struct str key)
{
	struct queue_blob *blob = map_get(&b->by_id, key);
	if (blob == NULL)
		return NULL;
	if (blob->refs++ == 0) {
		idle_remove(b, blob);
		b->held++;
	}
	return blob;
}

struct queue_blob *blobs_get(struct blobs *b, uint64_t body)
{
	struct reckey key = reckey_u64(body);
	if (body == 0)
		return NULL;
	pthread_mutex_lock(&b->lock);
	struct queue_blob *blob = hold(b, reckey_str(&key));
	bool read = blob == NULL && !b->closed;
	b->reading += read;
	pthread_mutex_unlock(&b->lock);
	if (!read)
		return blob;
	struct queue_blob *fresh = blob_read(b, body);
	pthread_mutex_lock(&b->lock);
	if (--b->reading == 0)
		pthread_cond_broadcast(&b->read);
	/* another thread may have read it meanwhile */
	blob = hold(b, reckey_str(&key));
	if (blob == NULL && fresh != NULL && map_put(&b->by_id, reckey_str(&key), fresh)) {
		blob = fresh;
		blob->refs = 1;
		b->held++;
		fresh = NULL;
	}
	pthread_mutex_unlock(&b->lock);
	free(fresh);
	return blob;
}

struct str queue_blob_str(const struct queue_blob *blob)
{
	return str_n(blob->bytes, blob->len);
}

void queue_blob_unref(struct queue_blob **blob_ptr)
{
	struct queue_blob *blob = *blob_ptr;
	if (blob == NULL)
		return;
	*blob_ptr = NULL;
	struct blobs *b = blob->home;
	pthread_mutex_lock(&b->lock);
	must(blob->refs != 0);
	if (--blob->refs == 0) {
		b->held--;
		idle_add(b, blob);
		idle_trim(b, b->orphaned ? 0 : IDLE_BYTES_MAX);
	}
	bool last = b->orphaned && b->held == 0;
	pthread_mutex_unlock(&b->lock);
	if (last)
		destroy(b);
}
