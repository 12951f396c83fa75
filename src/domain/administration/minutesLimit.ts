/** The longest time a policy may set, in minutes: a year. */
export const minutesLimit = 525_600;
