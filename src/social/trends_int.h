/* Scores that fade, and what the files of trends share. */
#ifndef FF_SOCIAL_TRENDS_INT_H
#define FF_SOCIAL_TRENDS_INT_H

#include "social/trends.h"

/*
 * A score is the logarithm of a weight, plus the half-lives that have gone by: so all scores fade
 * alike while none of them changes, and a list stays in order by itself.
 */
uint64_t trend_score(double weight, uint64_t at_ms, uint64_t half_life_ms);
double trend_weight(uint64_t score, uint64_t now_ms, uint64_t half_life_ms);
uint64_t trend_half_life(enum rank_kind kind);

#endif
