namespace CareCoordination.Workflow.Tests.Lifecycles;

/// <summary>
/// What the tables must say, written down a second time from the specification and by another shape: a grid from (row) to
/// (column). <c>q</c> requester, <c>o</c> owner, <c>e</c> either, <c>L</c> a lead and by command only, <c>-</c> illegal, <c>.</c> no change.
/// </summary>
internal static class Expectations
{
    private const string Request = """
                         draft active on-hold revoked completed entered-in-error unknown
        draft            .     E      -       E       -         E                -
        active           -     .      E       E       E         E                -
        on-hold          -     E      .       E       E         E                -
        revoked          -     R      -       .       -         E                -
        completed        -     R      -       -       .         E                -
        entered-in-error -     -      -       -       -         .                -
        unknown          E     E      E       E       E         E                .
        """;

    public static readonly Dictionary<string, string> Grids = new()
    {
        ["CarePlan"] = Request.Replace('E', 'e').Replace('R', 'L'),
        ["RequestGroup"] = Request.Replace('E', 'e').Replace('R', '-'),
        ["ServiceRequest"] = Request.Replace('E', 'q').Replace('R', '-'),
        ["Task"] = """
                             draft requested received accepted rejected ready cancelled in-progress on-hold failed completed entered-in-error
            draft            .     q         -        -        -        q     e         -           q       -      -         q
            requested        -     .         o        o        o        -     e         -           e       -      -         q
            received         -     o         .        o        o        -     e         -           e       -      -         q
            accepted         -     -         -        .        o        -     e         o           o       o      o         q
            rejected         -     -         -        -        .        -     -         -           -       -      -         q
            ready            -     -         -        -        -        .     e         o           e       o      o         q
            cancelled        -     -         -        -        -        -     .         -           -       -      -         q
            in-progress      -     -         -        -        -        o     e         .           o       o      o         q
            on-hold          q     e         e        o        -        e     e         o           .       o      o         q
            failed           -     -         -        -        -        -     -         L           -       .      -         q
            completed        -     -         -        -        -        -     -         L           -       -      .         q
            entered-in-error -     -         -        -        -        -     -         -           -       -      -         .
            """,
        ["Goal"] = """
                             proposed planned accepted active on-hold completed cancelled entered-in-error rejected
            proposed         .        e       e        -      -       -         e         e                e
            planned          -        .       e        e      -       -         e         e                e
            accepted         -        -       .        e      e       -         e         e                -
            active           -        -       -        .      e       e         e         e                -
            on-hold          -        -       -        e      .       e         e         e                -
            completed        -        -       -        e      -       .         -         e                -
            cancelled        -        -       -        -      -       -         .         e                -
            entered-in-error -        -       -        -      -       -         -         .                -
            rejected         -        -       -        -      -       -         -         e                .
            """,
        ["EpisodeOfCare"] = """
                             planned waitlist active onhold finished cancelled entered-in-error
            planned          .       o        o      -      -        o         o
            waitlist         o       .        o      -      -        o         o
            active           -       -        .      o      o        o         o
            onhold           -       -        o      .      o        o         o
            finished         -       -        -      -      .        -         o
            cancelled        -       -        -      -      -        .         o
            entered-in-error -       -        -      -      -        -         .
            """,
        ["CareTeam"] = """
                             proposed active suspended inactive entered-in-error
            proposed         .        o      -         o        o
            active           -        .      o         o        o
            suspended        -        o      .         o        o
            inactive         -        -      -         .        o
            entered-in-error -        -      -         -        .
            """,
        ["Communication"] = """
                             preparation in-progress not-done on-hold stopped completed entered-in-error unknown
            preparation      .           e           e        -       -       e         e                -
            in-progress      -           .           -        e       e       e         e                -
            not-done         -           -           .        -       -       -         e                -
            on-hold          -           e           -        .       e       -         e                -
            stopped          -           -           -        -       .       -         e                -
            completed        -           -           -        -       -       .         e                -
            entered-in-error -           -           -        -       -       -         .                -
            unknown          e           e           e        e       e       e         e                .
            """,
        ["Appointment"] = """
                             proposed pending booked arrived fulfilled cancelled noshow entered-in-error checked-in waitlist
            proposed         .        e       e      -       -         e         -      e                -          e
            pending          e        .       e      -       -         e         -      e                -          e
            booked           -        e       .      e       e         e         e      e                e          -
            arrived          -        -       -      .       e         e         -      e                e          -
            fulfilled        -        -       -      -       .         -         -      e                -          -
            cancelled        -        -       -      -       -         .         -      e                -          -
            noshow           -        -       -      -       -         -         .      e                -          -
            entered-in-error -        -       -      -       -         -         -      .                -          -
            checked-in       -        -       -      -       e         e         -      e                .          -
            waitlist         e        e       e      -       -         e         -      e                -          .
            """,
    };

    /// <summary>Every cell of every grid.</summary>
    public static IEnumerable<(string Type, string From, string To, char Rule)> Cells()
    {
        foreach (var (type, grid) in Grids)
        {
            var lines = grid.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var columns = lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (var line in lines[1..])
            {
                var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                for (var i = 0; i < columns.Length; i++)
                    yield return (type, cells[0], columns[i], cells[i + 1][0]);
            }
        }
    }
}
