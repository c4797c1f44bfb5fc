package io.modelregistry.environment;

import io.modelregistry.InvalidRequestException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** A share of the traffic in basis points: hundredths of a percent, from 0 to 10,000. */
public record Share(int basisPoints) implements Comparable<Share> {
    public static final Share NONE = new Share(0);
    public static final Share ALL = new Share(10_000);

    public Share {
        if (basisPoints < 0 || basisPoints > 10_000) {
            throw new InvalidRequestException(
                    "Not a share: " + basisPoints + " basis points; it is from 0 to 10,000, which is 100 %");
        }
    }

    /** {@code percent(5)} or {@code percent(0.25)}: from 0 to 100, with at most two decimals. */
    public static Share percent(double percent) {
        if (!(percent >= 0 && percent <= 100)) {
            throw new InvalidRequestException("Not a share: " + percent + " %; it is from 0 to 100 %");
        }
        try {
            return new Share(BigDecimal.valueOf(percent)
                    .movePointRight(2)
                    .setScale(0, RoundingMode.UNNECESSARY)
                    .intValue());
        } catch (ArithmeticException e) {
            throw new InvalidRequestException("Not a share: " + percent + " %; it has at most two decimals", e);
        }
    }

    /** What remains of {@link #ALL}. */
    public Share rest() {
        return new Share(ALL.basisPoints - basisPoints);
    }

    @Override
    public int compareTo(Share other) {
        return Integer.compare(basisPoints, other.basisPoints);
    }

    /** {@code 5.5 %}. */
    @Override
    public String toString() {
        return BigDecimal.valueOf(basisPoints, 2).stripTrailingZeros().toPlainString() + " %";
    }
}
