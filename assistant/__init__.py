"""售后参谋: computed, dated and cited answers to after-sales questions in Chinese."""
