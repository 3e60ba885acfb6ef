using System.Security.Cryptography;
using System.Text;
using CareCoordination.SignIn.Tables;
using Microsoft.EntityFrameworkCore;

namespace CareCoordination.SignIn.Stores;

/// <summary>What is taken once, at whichever node: assertions of clients and launches.</summary>
internal sealed class SpentOnce(SignInDbContext context)
{
    /// <summary>False where it was taken before.</summary>
    /// <param name="what">Names it among all that is taken once.</param>
    /// <param name="until">When it would be refused anyway, in seconds since 1970.</param>
    public async Task<bool> TakeAsync(string what, long until, CancellationToken cancellationToken)
    {
        var used = new UsedAssertion { Id = IdOf(what), Expires = until };
        var entry = context.Assertions.Add(used);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            entry.State = EntityState.Detached;
            if (await IsTakenAsync(what, cancellationToken))
                return false;
            throw;
        }
        finally
        {
            entry.State = EntityState.Detached;
        }
    }

    public Task<bool> IsTakenAsync(string what, CancellationToken cancellationToken)
    {
        var id = IdOf(what);
        return context.Assertions.AnyAsync(a => a.Id == id, cancellationToken);
    }

    private static string IdOf(string what) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(what)));
}
