using System.Globalization;
using CareCoordination.Application.Requests;
using CareCoordination.Security.Tokens;
using CareCoordination.TestKit;

namespace CareCoordination.Server.Tests.Security;

/// <summary>What is remembered of tokens, and for how long.</summary>
public sealed class TokenMemoryTests
{
    private const string Base = "https://care.example.org/fhir";

    private static readonly Caller Alice = Caller.User("main:alice");

    private readonly ShiftedClock _time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData(60, 59, true)]
    [InlineData(60, 61, false)]
    [InlineData(36_000, 299, true)]
    [InlineData(36_000, 301, false)]
    [InlineData(0, 0, false)]
    [InlineData(-60, 0, false)]
    [InlineData(60, -5, false)]
    public void A_token_is_known_until_it_ends_and_no_longer_than_five_minutes(int lasts, int later, bool isKnown)
    {
        var memory = new TokenMemory(_time);
        var token = TokenHash.Of("t", Base);
        memory.Add(token, Alice, _time.GetUtcNow().AddSeconds(lasts));
        _time.Advance(TimeSpan.FromSeconds(later));

        Assert.Equal(isKnown ? Alice : null, memory.Find(token));
    }

    [Fact]
    public void It_does_not_grow_beyond_its_bound_and_keeps_what_is_new()
    {
        var memory = new TokenMemory(_time);
        var last = default(TokenHash);
        for (var i = 0; i < TokenMemory.MostTokens * 2; i++)
        {
            last = TokenHash.Of(i.ToString(CultureInfo.InvariantCulture), Base);
            memory.Add(last, Alice, _time.GetUtcNow().AddMinutes(1));
            Assert.True(memory.Count <= TokenMemory.MostTokens);
        }

        Assert.Equal(Alice, memory.Find(last));
    }

    [Fact]
    public void What_is_over_makes_room_first()
    {
        var memory = new TokenMemory(_time);
        for (var i = 0; i < TokenMemory.MostTokens - 1; i++)
            memory.Add(TokenHash.Of($"old {i}", Base), Alice, _time.GetUtcNow().AddSeconds(30));
        var kept = TokenHash.Of("kept", Base);
        memory.Add(kept, Alice, _time.GetUtcNow().AddMinutes(4));
        _time.Advance(TimeSpan.FromMinutes(1));
        memory.Add(TokenHash.Of("new", Base), Alice, _time.GetUtcNow().AddMinutes(1));

        Assert.Equal(2, memory.Count);
        Assert.Equal(Alice, memory.Find(kept));
    }

    [Fact]
    public void A_token_is_known_at_the_base_at_which_it_was_shown()
    {
        Assert.Equal(TokenHash.Of("t", Base), TokenHash.Of("t", Base));
        Assert.NotEqual(TokenHash.Of("t", Base), TokenHash.Of("t", Base + "2"));
        Assert.NotEqual(TokenHash.Of("t", Base), TokenHash.Of("T", Base));
        Assert.NotEqual(TokenHash.Of("a\nb", "c"), TokenHash.Of("a", "b\nc2"));
    }
}
