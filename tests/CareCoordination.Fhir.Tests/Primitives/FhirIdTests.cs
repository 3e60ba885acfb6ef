using System.Collections.Concurrent;
using System.Globalization;
using CareCoordination.Fhir.Primitives;

namespace CareCoordination.Fhir.Tests.Primitives;

public sealed class FhirIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 7, 0, 0, 123, TimeSpan.Zero);

    [Fact]
    public void A_new_id_is_a_uuid_of_version_7_at_the_time_given()
    {
        for (var i = 0; i < 1000; i++)
        {
            var id = FhirId.New(Now.AddMilliseconds(i));
            Assert.True(Guid.TryParseExact(id, "D", out var uuid));
            Assert.Equal(id, uuid.ToString());
            Assert.Equal(7, uuid.Version);
            Assert.InRange(uuid.Variant, 8, 11);
            var bytes = uuid.ToByteArray(bigEndian: true);
            var milliseconds = Convert.ToInt64(Convert.ToHexString(bytes, 0, 6), 16);
            Assert.Equal(Now.AddMilliseconds(i), DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
            Assert.True(FhirId.IsValid(id));
        }
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", "00000000-0000-7")]
    [InlineData("2026-11-29T07:00:00.123+05:00", "01a22507-d57b-7")]
    [InlineData("9999-12-31T23:59:59.999Z", "e677d21f-dbff-7")]
    public void The_time_is_that_of_utc(string time, string beginning) =>
        Assert.StartsWith(beginning, FhirId.New(DateTimeOffset.Parse(time, CultureInfo.InvariantCulture)));

    [Fact]
    public void Ids_of_a_later_millisecond_come_later()
    {
        var ids = Enumerable.Range(0, 1000).Select(i => FhirId.New(Now.AddMilliseconds(i))).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public async Task No_two_ids_are_equal_however_many_threads_ask()
    {
        var ids = new ConcurrentBag<string>();
        await Parallel.ForAsync(
            0,
            200,
            (_, _) =>
            {
                for (var i = 0; i < 1000; i++)
                    ids.Add(FhirId.New(Now));
                return ValueTask.CompletedTask;
            }
        );
        Assert.Equal(200_000, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_random_bit_is_sometimes_set_and_sometimes_not()
    {
        var (and, or) = (UInt128.MaxValue, UInt128.Zero);
        for (var i = 0; i < 1000; i++)
        {
            var bits = UInt128.Parse(FhirId.New(Now).Replace("-", ""), NumberStyles.HexNumber);
            (and, or) = (and & bits, or | bits);
        }

        // The time, the version and the variant; 74 bits are left. https://www.rfc-editor.org/rfc/rfc9562#section-5.7
        Assert.Equal(74, (int)UInt128.PopCount(and ^ or));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("A-z.9", true)]
    [InlineData("...", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("..", false)]
    [InlineData("a_b", false)]
    [InlineData("a b", false)]
    [InlineData("ä", false)]
    [InlineData("a/b", false)]
    public void An_id_has_letters_digits_hyphens_and_dots(string text, bool isValid) =>
        Assert.Equal(isValid, FhirId.IsValid(text));

    [Fact]
    public void An_id_has_at_most_64_characters()
    {
        Assert.True(FhirId.IsValid(new string('a', 64)));
        Assert.False(FhirId.IsValid(new string('a', 65)));
    }
}
