using System.Globalization;
using CareCoordination.Application.Requests;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Security.Issuers;
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
        memory.Add(token, Shown(), _time.GetUtcNow().AddSeconds(lasts));
        _time.Advance(TimeSpan.FromSeconds(later));

        Assert.Equal(isKnown ? Alice : null, memory.Find(token)?.Caller);
    }

    [Fact]
    public void It_does_not_grow_beyond_its_bound_and_keeps_what_is_new()
    {
        var memory = new TokenMemory(_time);
        var last = default(TokenHash);
        for (var i = 0; i < TokenMemory.MostTokens * 2; i++)
        {
            last = TokenHash.Of(i.ToString(CultureInfo.InvariantCulture), Base);
            memory.Add(last, Shown(), _time.GetUtcNow().AddMinutes(1));
            Assert.True(memory.Count <= TokenMemory.MostTokens);
        }

        Assert.Equal(Alice, memory.Find(last)?.Caller);
    }

    [Fact]
    public void What_is_over_makes_room_first()
    {
        var memory = new TokenMemory(_time);
        for (var i = 0; i < TokenMemory.MostTokens - 1; i++)
            memory.Add(TokenHash.Of($"old {i}", Base), Shown(), _time.GetUtcNow().AddSeconds(30));
        var kept = TokenHash.Of("kept", Base);
        memory.Add(kept, Shown(), _time.GetUtcNow().AddMinutes(4));
        _time.Advance(TimeSpan.FromMinutes(1));
        memory.Add(TokenHash.Of("new", Base), Shown(), _time.GetUtcNow().AddMinutes(1));

        Assert.Equal(2, memory.Count);
        Assert.Equal(Alice, memory.Find(kept)?.Caller);
    }

    [Fact]
    public void A_token_is_known_at_the_base_at_which_it_was_shown()
    {
        Assert.Equal(TokenHash.Of("t", Base), TokenHash.Of("t", Base));
        Assert.NotEqual(TokenHash.Of("t", Base), TokenHash.Of("t", Base + "2"));
        Assert.NotEqual(TokenHash.Of("t", Base), TokenHash.Of("T", Base));
        Assert.NotEqual(TokenHash.Of("a\nb", "c"), TokenHash.Of("a", "b\nc2"));
    }

    [Fact]
    public async Task An_issuer_is_asked_once_a_second_and_after_each_revocation()
    {
        var (asked, changes, stands) = (0, 0, true);
        var token = new RememberedToken(
            Alice,
            new TokenStanding("id", () => changes, (_, _) => AskAsync()),
            "t-1",
            _time
        );

        await ShouldAsync(true, 1);
        await ShouldAsync(true, 1);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await ShouldAsync(true, 1);
        _time.Advance(TimeSpan.FromMilliseconds(500));
        await ShouldAsync(true, 2);
        changes++;
        await ShouldAsync(true, 3);
        await ShouldAsync(true, 3);
        _time.Advance(TimeSpan.FromSeconds(-5));
        await ShouldAsync(true, 4);
        (stands, changes) = (false, changes + 1);
        await ShouldAsync(false, 5);
        await ShouldAsync(false, 6);

        async Task ShouldAsync(bool isTaken, int times)
        {
            Assert.Equal(isTaken, (await token.IsTakenAsync(default)).Value);
            Assert.Equal(times, asked);
        }

        ValueTask<Result<bool>> AskAsync()
        {
            asked++;
            return new(stands);
        }
    }

    [Fact]
    public async Task A_revocation_while_an_issuer_is_asked_has_it_asked_again()
    {
        var (asked, changes) = (0, 0);
        var token = new RememberedToken(
            Alice,
            new TokenStanding(
                "id",
                () => changes,
                (_, _) =>
                {
                    asked++;
                    changes = 1;
                    return new(true);
                }
            ),
            "t-1",
            _time
        );

        await token.IsTakenAsync(default);
        await token.IsTakenAsync(default);
        await token.IsTakenAsync(default);

        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_token_that_does_not_say_which_it_is_is_not_taken_where_its_issuer_is_asked()
    {
        var standing = new TokenStanding("id", () => 0, (_, _) => new(true));
        Assert.False((await new RememberedToken(Alice, standing, null, _time).IsTakenAsync(default)).Value);
        Assert.True((await new RememberedToken(Alice, null, null, _time).IsTakenAsync(default)).Value);
    }

    private RememberedToken Shown() => new(Alice, null, null, _time);
}
