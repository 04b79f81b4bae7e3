/* The known name that is nearest to one that nobody knows. Stateless, any thread. */
#include "core/nearest.h"

/* Longer names are compared by their beginnings. */
#define NAME_MAX_COMPARED 48

/* How many letters must be put, taken out or changed (V. Levenshtein, 1966), one row of the table
 * at a time. */
static size_t distance(struct str a, struct str b)
{
	size_t row[NAME_MAX_COMPARED + 1];
	a = str_take(a, NAME_MAX_COMPARED);
	b = str_take(b, NAME_MAX_COMPARED);
	for (size_t j = 0; j <= b.len; j++)
		row[j] = j;
	for (size_t i = 0; i < a.len; i++) {
		size_t diagonal = row[0];
		row[0] = i + 1;
		for (size_t j = 0; j < b.len; j++) {
			size_t change = diagonal + (a.ptr[i] != b.ptr[j] ? 1 : 0);
			size_t least = row[j] < row[j + 1] ? row[j] + 1 : row[j + 1] + 1;
			diagonal = row[j + 1];
			row[j + 1] = change < least ? change : least;
		}
	}
	return row[b.len];
}

void nearest_init(struct nearest *nearest, struct str wanted)
{
	/* nearer than a third of the name, or it is another name */
	*nearest = (struct nearest){ .wanted = wanted, .distance = wanted.len / 3 + 2 };
}

void nearest_offer(struct nearest *nearest, struct str known)
{
	size_t d = distance(nearest->wanted, known);
	if (d >= nearest->distance)
		return;
	nearest->distance = d;
	nearest->best = known;
}
