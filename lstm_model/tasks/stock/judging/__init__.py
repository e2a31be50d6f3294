"""Is a forecast of prices any good? Errors, simple forecasts beside it, chance, lag, intervals."""
