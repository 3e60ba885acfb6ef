using CareCoordination.Storage.Connections;

namespace CareCoordination.Storage.Tests;

/// <summary>What a start makes of how a database of SQL Server is set.</summary>
public sealed class SqlServerSettingsTests
{
    private static readonly SqlServerSettings Good = new(
        ReadsSnapshots: true,
        IsReadOnly: false,
        DelaysDurability: false,
        HasJson: true
    );

    [Fact]
    public void A_database_that_is_set_as_it_should_be_starts_without_a_word() =>
        Assert.Equal(
            (null, 0),
            (SqlServerSettings.Inspect(Good).Problem, SqlServerSettings.Inspect(Good).Notices.Length)
        );

    [Fact]
    public void Without_snapshots_for_readers_there_is_no_start()
    {
        var found = SqlServerSettings.Inspect(Good with { ReadsSnapshots = false });

        Assert.StartsWith(
            "has READ_COMMITTED_SNAPSHOT off, so that reads would",
            found.Problem,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON",
            found.Problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Without_json_there_is_no_start() =>
        Assert.StartsWith(
            "lacks OPENJSON: its compatibility level must be 130",
            SqlServerSettings.Inspect(Good with { HasJson = false }).Problem,
            StringComparison.Ordinal
        );

    [Fact]
    public void What_makes_it_weaker_is_told()
    {
        var found = SqlServerSettings.Inspect(Good with { IsReadOnly = true, DelaysDurability = true });

        Assert.Null(found.Problem);
        Assert.Equal(
            [
                "is read only: nothing can be stored here",
                "has DELAYED_DURABILITY = FORCED: what was acknowledged may be lost with the server",
            ],
            found.Notices
        );
    }

    [Fact]
    public void A_server_that_does_not_tell_is_used_and_the_operator_is_told()
    {
        var found = SqlServerSettings.Inspect(null);

        Assert.Null(found.Problem);
        Assert.Equal(["does not tell how it is set: see that READ_COMMITTED_SNAPSHOT is on"], found.Notices);
    }
}
