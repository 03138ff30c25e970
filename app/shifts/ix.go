package shifts

// IxShift lists the days of agents at the telephone by the day.
const IxShift = 'S'
