"""Rules by which a control chart tells a signal from noise.

L. S. Nelson, "The Shewhart Control Chart: Tests for Special Causes", Journal of Quality
Technology 16 (1984): rules 1 to 4, on a chart of individual values.
"""

# the mean of the range of two values, in standard deviations
D2 = 1.128


def get_centre(values):
    """Return mean and standard deviation, the latter from the moving range.

    :param list values: in the order they were read
    """
    if not values:
        return 0.0, 0.0
    steps = [abs(b - a) for a, b in zip(values, values[1:], strict=False)]
    sigma = sum(steps) / len(steps) / D2 if steps else 0.0
    return sum(values) / len(values), sigma


def find_signals(values, mean, sigma):
    """Return for each value the rules that it ends or breaks, as a list of numbers.

    1: further than three standard deviations from the mean. 2: nine in a row on one
    side of it. 3: six in a row that rise, or fall. 4: fourteen in a row that go up and
    down by turns.
    """
    signals = [[] for _value in values]
    side = trend = turns = 0
    last_side = last_step = 0
    for number, value in enumerate(values):
        if sigma and abs(value - mean) > 3 * sigma:
            signals[number].append(1)
        now = (value > mean) - (value < mean)
        side = side + 1 if now and now == last_side else abs(now)
        last_side = now
        if side >= 9:
            signals[number].append(2)
        step = 0
        if number:
            step = (value > values[number - 1]) - (value < values[number - 1])
        trend = trend + 1 if step and step == last_step else abs(step)
        turns = turns + 1 if step and step == -last_step else abs(step)
        last_step = step
        # six values are five steps, fourteen are thirteen
        if trend >= 5:
            signals[number].append(3)
        if turns >= 13:
            signals[number].append(4)
    return signals
