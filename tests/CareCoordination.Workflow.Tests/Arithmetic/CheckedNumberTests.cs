using CareCoordination.Workflow.Arithmetic;

namespace CareCoordination.Workflow.Tests.Arithmetic;

public sealed class CheckedNumberTests
{
    [Fact]
    public void A_difference_is_exact_or_the_largest_there_is()
    {
        foreach (var one in Hostile.Numbers.Select(Hostile.Decimal))
        {
            foreach (var other in Hostile.Numbers.Select(Hostile.Decimal))
            {
                var exact = (double)one - (double)other;
                var difference = one.Minus(other);
                if (Math.Abs(exact) < 7e28)
                    Assert.Equal(one - other, difference);
                else
                    Assert.Equal(Math.Sign(exact), Math.Sign(difference));
            }
        }

        Assert.Equal(decimal.MaxValue, decimal.MaxValue.Minus(-1));
        Assert.Equal(decimal.MinValue, decimal.MinValue.Minus(1));
        Assert.Equal(decimal.MaxValue, 1m.Minus(decimal.MinValue));
        Assert.Equal(decimal.MinValue, (-1m).Minus(decimal.MaxValue));
    }

    [Theory]
    [InlineData("100", "0.02", "2")]
    [InlineData("79228162514264337593543950335", "0.5", "39614081257132168796771975168")]
    [InlineData("79228162514264337593543950335", "1", "79228162514264337593543950335")]
    [InlineData("79228162514264337593543950335", "2", "79228162514264337593543950335")]
    [InlineData("0", "79228162514264337593543950335", "0")]
    public void A_share_is_exact_or_the_largest_there_is(string number, string share, string expected) =>
        Assert.Equal(Hostile.Decimal(expected), Hostile.Decimal(number).Times(Hostile.Decimal(share)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(41, 42)]
    [InlineData(-7, 1)]
    [InlineData(int.MaxValue, int.MaxValue)]
    public void One_more_is_never_less(int count, int next) => Assert.Equal(next, CheckedNumber.Next(count));

    [Theory]
    [InlineData(0L, 0)]
    [InlineData(long.MaxValue, int.MaxValue)]
    [InlineData(long.MinValue, int.MinValue)]
    public void A_count_is_held_in_its_range(long number, int expected) =>
        Assert.Equal(expected, CheckedNumber.Clamp(number));
}
