/* The file system under the database. */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "db_int.h"

/* not in every kernel's headers */
#define MAGIC_CIFS 0xff534d42u
#define MAGIC_SMB2 0xfe534d42u

bool fs_is_remote(uint64_t magic)
{
	static const uint32_t remote[] = { NFS_SUPER_MAGIC, SMB_SUPER_MAGIC, MAGIC_CIFS,
					   MAGIC_SMB2,	    AFS_SUPER_MAGIC, CODA_SUPER_MAGIC };
	for (size_t i = 0; i < ARRAY_LEN(remote); i++)
		if ((uint32_t)magic == remote[i])
			return true;
	return false;
}

enum rc fs_check(struct err *err, const char *path)
{
	struct statfs fs;
	if (statfs(path, &fs) != 0)
		return err_set(err, RC_IO, "%s: %s", path, strerror(errno));
	/* LMDB's lock file and map need one kernel (S-118) */
	if (fs_is_remote((uint64_t)fs.f_type))
		return err_set(err, RC_UNSUPPORTED,
			       "%s is on a network file system, which cannot carry the database",
			       path);
	return RC_OK;
}

enum rc fs_sync_folder(struct err *err, const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int result = fd >= 0 ? fsync(fd) : -1;
	int error = errno;
	if (fd >= 0)
		close(fd);
	return result == 0 ? RC_OK : err_set(err, RC_IO, "%s: %s", path, strerror(error));
}
